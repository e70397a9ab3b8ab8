/* SPDX-License-Identifier: MIT */
/*
 * text.h - writes text into a buffer of the caller's, by one spelling.
 *
 * A buffer that is too small is an error, never a truncation: once something did not fit, nothing
 * more is written and full stays true.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *at; /* size bytes; the first used of them are written, no NUL */
	size_t size, used;
	bool full;
};

void text_start(struct text *t, char *at, size_t size);

/* Appends size bytes, or the characters before the NUL. */
void text_bytes(struct text *t, const char *bytes, size_t size);
void text_put(struct text *t, const char *string);

/* Appends value in lower-case hexadecimal with at least digits digits, or in decimal. */
void text_hex(struct text *t, uint64_t value, unsigned digits);
void text_decimal(struct text *t, uint64_t value);

/*
 * Appends string in double quotes: printable ASCII as it is, " and \ behind a \, any other byte as
 * \x and two digits.  What a firmware or a processor says reaches a file or terminal only so.
 */
void text_quoted(struct text *t, const char *string);

/* Appends the printable ASCII of string, each other byte as '?'; for display, not for files. */
void text_printable(struct text *t, const char *string);

/* Ends the text with a NUL, which used does not count.  Returns NULL if anything did not fit. */
const char *text_string(struct text *t);

#endif
