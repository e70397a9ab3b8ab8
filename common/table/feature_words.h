/* SPDX-License-Identifier: MIT */
/*
 * feature_words.h - all names of a feature, one after the other, and how names are compared.
 *
 * Names are single words: those of feature.def, feature_names.def and the tables of masks.  Phrases
 * may have blanks: the words of vCenter's messages and of setup options.  Firmware does not use
 * this.
 */
#ifndef FEATURE_WORDS_H
#define FEATURE_WORDS_H

#include "table/feature_names.h"

/* Who has a name: an enum feature_namer, or one of these. */
enum {
	WORDS_MANUAL = NAMERS, /* feature.def */
	WORDS_LIBXL,           /* xen.def */
	WORDS_VIRTUALBOX,      /* virtualbox.def */
	WORDS_VCENTER,         /* vmware_words.def: a phrase */
	WORDS_SETUP,           /* feature_setup.def: a phrase */
	WORDS_END,
};

/* A walk over the names of a row. */
struct feature_words {
	enum feature_id id;
	unsigned who;     /* whose name the current one is */
	const char *word; /* the current name, without a NUL after it */
	size_t size;
	const char *next;
};

/* Starts before the first name of a row. */
void feature_words_start(struct feature_words *w, enum feature_id id);

/* Moves to the next name.  Returns false if there are no more. */
bool feature_words_next(struct feature_words *w);

/* True for a phrase. */
bool feature_words_phrase(const struct feature_words *w);

/* True for a letter or a digit: what of a name counts where separators do not. */
bool feature_words_counts(char c);

#define WORD_MAX 128

/*
 * Copies the letters and digits of a string, letters in lower case.  Returns their number; 0 if
 * there are none, or more than WORD_MAX.
 */
size_t feature_words_squeeze(char out[static WORD_MAX], const char *string, size_t size);

#endif
