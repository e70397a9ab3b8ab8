/* SPDX-License-Identifier: MIT */
/*
 * vmx.h - reads the lines of a VMware .vmx file: KEY = "VALUE".
 *
 * Lines come from web pages, mails and VMware's own dialogs, so many spellings are accepted: blanks
 * around '=' or none, quotes or none, comments after '#', CRLF, a byte order mark.
 */
#ifndef VMX_H
#define VMX_H

#include <stdbool.h>

#include "base/err.h"

/* A part of a line, and the next character to read. */
struct vmx {
	const char *start, *at, *end; /* of the line, without its end */
	const char *next, *text_end;  /* the next line, the end of the text */
	size_t line;
};

void vmx_start(struct vmx *v, const char *text, size_t size);

/* Moves to the first character of the next line.  Returns false if there is none. */
bool vmx_next_line(struct vmx *v);

/*
 * Splits the line: *key is what is before its first '=', without blanks around it, and v is moved
 * behind that.  Returns false if there is no key; v is then at the end of a blank line or comment,
 * or at the first character of another line.
 */
bool vmx_split(struct vmx *v, struct vmx *key);

/* Returns the next character, or a NUL at the end. */
char vmx_peek(const struct vmx *v);

/* Moves past a word in lower case, in any case, if it comes next. */
bool vmx_take(struct vmx *v, const char *word);

void vmx_skip_blanks(struct vmx *v);

/*
 * Reads a value up to the closing quote or, without quotes, up to a comment or the end; *size is
 * its length without blanks around it.
 */
enum err vmx_value(struct vmx *v, const char **value, size_t *size);

/* Returns what is wrong with a character that has no meaning where it is, or err if it is
 * printable. */
enum err vmx_bad_character(char c, enum err err);

/* Moves past the end of the line or a comment; ERR_LINE_END if anything else comes next. */
enum err vmx_end(struct vmx *v);

/* Returns the place of the next character. */
struct where vmx_where(const struct vmx *v);

#endif
