/* SPDX-License-Identifier: MIT */
/*
 * hii_choice.h - tells which setup questions are about processors.
 *
 * A question counts if its prompt has a phrase of feature_setup.def, or if its prompt or help has a
 * word for processors' cores, threads, virtualization, microcode or power states.
 */
#ifndef HII_CHOICE_H
#define HII_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HII_PHRASES_MAX 512
#define HII_INITIALS    36 /* letters and digits */

/* All phrases, found by the letter or digit that they begin with. */
struct hii_choice {
	size_t phrases;
	uint16_t first[HII_INITIALS]; /* a phrase with this initial, counted from 1, or 0 */
	struct {
		const char *at;
		uint16_t size, next;
		bool subject; /* counts in a help text too */
	} phrase[HII_PHRASES_MAX];
};

/* Takes the phrases from the table.  HII_PHRASES_MAX is more than it has. */
void hii_choice_start(struct hii_choice *c);

/* Returns true if a question with this prompt and help is about processors. */
bool hii_choice_takes(const struct hii_choice *c, const char *prompt, const char *help);

#endif
