/* SPDX-License-Identifier: MIT */
/*
 * scan.h - reads the words of a text in which each value has exactly one spelling.
 *
 * The first error stays.  After it every function returns zero and does not move, so a reader may
 * check for an error once, at the end of a line.  The text is not changed and needs no NUL.
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct scan {
	const char *at, *end, *line_start;
	size_t line;
	enum err err;
	struct where where; /* of err */
};

/* Begins at line 1, column 1. */
void scan_start(struct scan *s, const char *text, size_t size);

/* Returns true at the end of the text and after an error. */
bool scan_done(const struct scan *s);

/* Returns false.  Sets the error, with this place, unless there is one already. */
bool scan_fail(struct scan *s, enum err err);

/*
 * Returns true if the text continues with word, followed by a blank, a line end, a CR or the end of
 * the text.  Does not move.
 */
bool scan_is(const struct scan *s, const char *word);

/* Moves past word, which must come next; err if it does not. */
void scan_word(struct scan *s, const char *word, enum err err);

/* Moves past one blank. */
void scan_space(struct scan *s);

/* Moves past one LF. */
void scan_line_end(struct scan *s);

/* Reads exactly digits lower-case hexadecimal digits. */
uint32_t scan_hex(struct scan *s, unsigned digits);

/* Reads one to 16 lower-case hexadecimal digits without leading zeros. */
uint64_t scan_hex_short(struct scan *s);

/* Reads a decimal number without leading zeros, at most max. */
uint64_t scan_decimal(struct scan *s, uint64_t max);

/* Reads what text_quoted writes into string[size] and appends a NUL. */
void scan_quoted(struct scan *s, char *string, size_t size);

#endif
