/* SPDX-License-Identifier: MIT */
/*
 * lines.h - the lines that reports and pools have in common.
 *
 * docs/report-format.md is normative for their spelling.
 */
#ifndef LINES_H
#define LINES_H

#include "base/scan.h"
#include "base/text.h"

/* No line but one with a quoted string is longer: a serial console wraps at 80. */
#define LINE_COLUMNS 79

/*
 * "name 0-3 6 8-9": ascending numbers, runs of two and more as first-last; when the line is full
 * the list goes on in another that begins with name.  No numbers: "name none".
 */
void lines_list_write(struct text *t, const char *name, const uint16_t *number, size_t count);

/* Returns how many numbers were read into number[max]; each is at most limit. */
size_t lines_list_read(struct scan *s, const char *name, uint16_t *number, size_t max,
                       uint16_t limit);

/* "values 00000001 00000002 ...", as many lines as it takes, and back: exactly count of them. */
void lines_values_write(struct text *t, const uint32_t *value, size_t count);
void lines_values_read(struct scan *s, uint32_t *value, size_t count);

#endif
