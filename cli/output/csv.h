/* SPDX-License-Identifier: MIT */
/*
 * csv.h - writes tables as RFC 4180 says, and harmless to spreadsheets.
 *
 * A cell that begins with = + - @ is a formula to a spreadsheet.  Strings may be from hostile
 * reports or file names, so such a cell gets a ' before it, which spreadsheets do not show.
 */
#ifndef CSV_H
#define CSV_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Appends a cell in quotes; unprintable bytes become '?'. */
void csv_cell(struct text *t, const char *string);

/* The same on standard output; csv_end ends the row. */
void csv_put(const char *string);
void csv_number(uint64_t number);
void csv_end(void);

/* Writes a row of words that are separated by commas: the heading. */
void csv_head(const char *words);

#endif
