/* SPDX-License-Identifier: MIT */
/*
 * report_word.h - the words that the writer and the reader of reports share.
 */
#ifndef REPORT_WORD_H
#define REPORT_WORD_H

#include "report/report.h"

#define REPORT_MAGIC "cpulevel-report"
#define REPORT_CUTS  4

enum report_type { TYPE_QUOTED, TYPE_DECIMAL, TYPE_HEX, TYPE_TIME };

/* How many fields a report of version 1 has. */
#define REPORT_FIELDS_1 FIELD_PROCESSORS_ASKED

/* Returns the version that a report is written in, which is the first that has all its lines. */
unsigned report_version(const struct report *r);

/* Returns how the value of a field is written. */
enum report_type report_field_type(enum report_field field);

/* The words of the line "cut", in the order of the bits of enum report_cut. */
extern const char *const report_cut_word[REPORT_CUTS];

#endif
