/* SPDX-License-Identifier: MIT */
/*
 * line.h - the rows of the text that the screen shows: words, broken at blanks, and their colour.
 *
 * A row has at most CONSOLE_COLUMNS columns.  One that is not plain begins with its colour, as a
 * byte that no string of a firmware can have there: those are made printable.
 */
#ifndef LINE_H
#define LINE_H

#include "base/text.h"
#include "console.h"

/* Where values begin; nearly every label is shorter. */
#define LABEL_COLUMNS 13

/* A label and what belongs to it.  Three of the report's strings fit, and all names of a register.
 */
struct line {
	struct text text;
	char bytes[1024];
};

/* Appends blanks up to a column. */
void line_pad(struct text *t, size_t column);

/* Begins a line with a label. */
void line_start(struct line *l, const char *label);

/* Appends the line to a text: what does not fit in its row goes to rows below, under the values. */
void line_end(struct line *l, struct text *rows);

/* Appends a sentence of up to three parts in a colour. */
void line_sentence(struct text *rows, enum console_colour colour, const char *first,
                   const char *middle, const char *last);

#endif
