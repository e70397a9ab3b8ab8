/* SPDX-License-Identifier: MIT */
/*
 * print_varying.h - what each processor of a kind answers for itself: APIC ids and such.
 */
#ifndef PRINT_VARYING_H
#define PRINT_VARYING_H

#include "report/report.h"

/*
 * Prints each field in which the processors of a kind differ, with the values in the order of the
 * processors' numbers; values that ascend by one as 0x0-0x3.  Nothing if there is none.
 */
void print_varying(const struct report *r, size_t kind);

#endif
