/* SPDX-License-Identifier: MIT */
/*
 * near.h - finds the names that an unknown name was meant to be.
 *
 * For commands, options, dialects, features and whatever else a user spells.
 */
#ifndef NEAR_H
#define NEAR_H

#include "base/text.h"

/* Longer words are near to nothing. */
#define NEAR_WORD_MAX 128

/* What is this far is not offered. */
#define NEAR_FAR 100U

/* So many names are offered. */
#define NEAR_OFFERED 3

/*
 * Returns how far a name is from what was asked for: 0 the nearest, NEAR_FAR not to be offered.  A
 * name is near if it was misspelt, if its beginning was given, or a part of it, or more than it.
 * Case counts.
 */
unsigned near_far(const char *name, size_t name_size, const char *asked, size_t size);

/* A search for the names nearest to a word, the nearest first, without regard to case. */
struct near {
	char asked[NEAR_WORD_MAX];
	size_t size, count;
	const char *name[NEAR_OFFERED];
	size_t name_size[NEAR_OFFERED];
	unsigned far[NEAR_OFFERED];
};

void near_start(struct near *n, const char *asked);

/* Takes one of the names that there are: size bytes, which stay the caller's. */
void near_add(struct near *n, const char *name, size_t size);

/* Writes "; did you mean A, B or C?", with prefix before each; nothing if no name is near. */
void near_put(struct text *t, const struct near *n, const char *prefix);

#endif
