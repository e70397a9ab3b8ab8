/* SPDX-License-Identifier: MIT */
/*
 * scan.h - reads the words of a text whose every value has one spelling.
 *
 * The first error stays: after it every function returns zero values and moves no further, so a
 * reader asks once at the end of a line.  The text is not changed and need not end in a NUL.
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

void scan_start(struct scan *s, const char *text, size_t size);

/* True if nothing is left, or after an error. */
bool scan_done(const struct scan *s);

/* Sets the error and its place, here, unless one is set already.  Returns false. */
bool scan_fail(struct scan *s, enum err err);

/* True if the text continues with word and a blank, a line end or the text's end; moves nothing. */
bool scan_is(const struct scan *s, const char *word);

/* Moves behind word, which must stand here; without it the error is err. */
void scan_word(struct scan *s, const char *word, enum err err);

/* Moves behind one blank. */
void scan_space(struct scan *s);

/* Moves behind one LF. */
void scan_line_end(struct scan *s);

/* Reads exactly digits lower-case hexadecimal digits. */
uint32_t scan_hex(struct scan *s, unsigned digits);

/* Reads one to 16 lower-case hexadecimal digits without leading zeros. */
uint64_t scan_hex_short(struct scan *s);

/* Reads a decimal number without leading zeros, at most max. */
uint64_t scan_decimal(struct scan *s, uint64_t max);

/* Reads what text_quoted writes into string[size], with a NUL behind it. */
void scan_quoted(struct scan *s, char *string, size_t size);

#endif
