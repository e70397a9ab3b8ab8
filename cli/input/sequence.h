/* SPDX-License-Identifier: MIT */
/*
 * sequence.h - the numbers of a stick's reports: which of 1 to the highest are missing?
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero is an empty one. */
struct sequence {
	size_t count;
	uint64_t *number; /* in any order */
};

/* Adds a number; 0 is none. */
void sequence_add(struct sequence *s, uint64_t number);

/* Returns true if a number is missing. */
bool sequence_misses(const struct sequence *s, uint64_t number);

/* Numbers that are missing, and the state of a walk, which starts with a zeroed struct. */
struct sequence_gap {
	uint64_t first, last;
	uint64_t highest; /* number that is there */
	size_t next;
};

/* Moves to the next gap, ascending; sorts the numbers.  Returns false if there is none. */
bool sequence_next_gap(struct sequence *s, struct sequence_gap *gap);

/* Prints "; numbers 1 to 7, missing: 2, 5-6" on standard output, and the end of the line. */
void sequence_print(struct sequence *s);

void sequence_free(struct sequence *s);

#endif
