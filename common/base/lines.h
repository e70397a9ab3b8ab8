/* SPDX-License-Identifier: MIT */
/*
 * lines.h - writes and reads lines that reports and pools have in common: lists and values.
 *
 * docs/report-format.md defines their form.
 */
#ifndef LINES_H
#define LINES_H

#include "base/scan.h"
#include "base/text.h"

/* The longest line, except for those with a quoted string: a serial console wraps at 80. */
#define LINE_COLUMNS 79

#define LINE_TIME_MAX 26 /* bytes of a time, NUL counted */

/*
 * Appends "name 0-3 6 8-9": ascending numbers, runs of two or more as first-last.  A list that is
 * longer than a line continues in another line that begins with name.  For no numbers it appends
 * "name none".
 */
void lines_list_write(struct text *t, const char *name, const uint32_t *number, size_t count);

/*
 * Reads such a list into number[max] and returns how many numbers it has.  A number greater than
 * limit is an error.
 */
size_t lines_list_read(struct scan *s, const char *name, uint32_t *number, size_t max,
                       uint32_t limit);

/* Appends "values 00000001 00000002 ...", in as many lines as needed. */
void lines_values_write(struct text *t, const uint32_t *value, size_t count);

/* Reads such lines into value; they must have exactly count values. */
void lines_values_read(struct scan *s, uint32_t *value, size_t count);

/*
 * Reads "YYYY-MM-DDThh:mm:ss", then "Z", "+hh:mm", "-hh:mm" or nothing, and appends a NUL.  Ranges
 * are not checked.
 */
void lines_time_read(struct scan *s, char string[static LINE_TIME_MAX]);

#endif
