/* SPDX-License-Identifier: MIT */
/*
 * host.h - the machine in a few rows: what it is, its topology, and features that setup can hide.
 */
#ifndef HOST_H
#define HOST_H

#include "base/text.h"
#include "report/report.h"

/* Appends the rows (line.h).  Features and numbers are of the first kind of processors. */
void host_write(struct text *rows, const struct report *r);

#endif
