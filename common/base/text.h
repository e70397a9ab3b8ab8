/* SPDX-License-Identifier: MIT */
/*
 * text.h - appends text to a buffer of the caller's.
 *
 * Nothing is truncated: once something does not fit, nothing more is written and full stays true.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *at; /* size bytes, of which the first used are written; no NUL */
	size_t size, used;
	bool full;
};

/* Begins an empty text in at[size]. */
void text_start(struct text *t, char *at, size_t size);

/* Appends size bytes. */
void text_bytes(struct text *t, const char *bytes, size_t size);

/* Appends the characters before the NUL. */
void text_put(struct text *t, const char *string);

/* Appends value in lower-case hexadecimal, with at least digits digits. */
void text_hex(struct text *t, uint64_t value, unsigned digits);

/* Appends value in decimal. */
void text_decimal(struct text *t, uint64_t value);

/*
 * Appends string in double quotes, with \ before " and \, and each unprintable byte as \x and two
 * digits.  Strings of firmware or processor go to files only in this form.
 */
void text_quoted(struct text *t, const char *string);

/* Appends string with each unprintable byte as '?'; for display, not for files. */
void text_printable(struct text *t, const char *string);

/*
 * Returns the text, ended with a NUL that used does not count, or NULL if anything did not fit.
 */
const char *text_string(struct text *t);

#endif
