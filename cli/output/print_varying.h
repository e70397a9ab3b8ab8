/* SPDX-License-Identifier: MIT */
/*
 * print_varying.h - prints what differs between the processors of a kind, such as APIC IDs.
 */
#ifndef PRINT_VARYING_H
#define PRINT_VARYING_H

#include "report/report.h"

/*
 * Prints each field in which the processors of a kind differ, with the values in the order of the
 * processors' numbers; 0x0-0x3 means values that ascend by one.  Prints nothing if none differs.
 */
void print_varying(const struct report *r, size_t kind);

#endif
