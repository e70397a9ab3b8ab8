/* SPDX-License-Identifier: MIT */
/*
 * cpuid_r.h - the text that Todd Allen's cpuid -r prints and cpuid -f reads.
 *
 * "CPU 0:" before each processor ("CPU:" if there is but one), then a line for each answer.  The
 * ecosystem's interchange form: it carries the answers and nothing of the machine.
 */
#ifndef CPUID_R_H
#define CPUID_R_H

#include "report/report.h"

/* Writes every answer of every processor, in the order of their numbers. */
void cpuid_r_write(struct text *t, const struct report *r);

/*
 * Reads processors into *r; its fields are the caller's to set.  Answers must ascend, as cpuid
 * prints them.  On failure *r is unspecified and *reterr_where is the place of the cause.
 */
enum err cpuid_r_read(struct report *r, const char *text, size_t size, struct where *reterr_where);

#endif
