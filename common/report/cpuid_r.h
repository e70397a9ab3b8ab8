/* SPDX-License-Identifier: MIT */
/*
 * cpuid_r.h - writes and reads the format of Todd Allen's cpuid -r.
 *
 * "CPU 0:" precedes each processor ("CPU:" if there is only one), then a line for each leaf and
 * subleaf.  Many programs write or read it.  It has CPUID values only, nothing about the machine.
 */
#ifndef CPUID_R_H
#define CPUID_R_H

#include "report/report.h"

/* Appends every leaf of every processor, in the order of the processors' numbers. */
void cpuid_r_write(struct text *t, const struct report *r);

/*
 * Reads processors into *r; the caller sets the fields.  Leaves must ascend, as cpuid prints them.
 * Text around the dump, marks of a quoted mail, CR LF and lines that a mail broke do no harm.
 * On failure *r is unspecified and *reterr_where is the place of the error.
 */
enum err cpuid_r_read(struct report *r, const char *text, size_t size, struct where *reterr_where);

/* True if a text has the header of a processor, and cpuid's output, of -r or decoded, after it. */
bool cpuid_r_is(const char *text, size_t size);

#endif
