/* SPDX-License-Identifier: MIT */
/*
 * line.h - a line of the screen: a label, and what belongs to it.
 */
#ifndef LINE_H
#define LINE_H

#include "base/text.h"
#include "firmware.h"

/* Where values begin; every label is shorter. */
#define LABEL_COLUMNS 13

/* Longer than a row: three of the report's strings fit. */
struct line {
	struct text text;
	char bytes[1024];
};

/* Appends blanks up to a column. */
void line_pad(struct text *t, size_t column);

/* Begins a line with a label. */
void line_start(struct line *l, const char *label);

/* Ends a line of words; what does not fit goes to rows below it, under the values. */
void line_end(struct line *l, const struct firmware *fw);

/* Ends a line of one row: strings of the firmware can be long, and the screen has 25 rows. */
void line_cut(struct line *l, const struct firmware *fw);

#endif
