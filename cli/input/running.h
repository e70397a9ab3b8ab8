/* SPDX-License-Identifier: MIT */
/*
 * running.h - reads the machine on which the program runs, under its operating system.
 */
#ifndef RUNNING_H
#define RUNNING_H

#include "report/report.h"

/*
 * Makes *r the report of every processor on which this program may run: CPUID by affinity, MSRs
 * where /dev/cpu/N/msr can be read and msrs is set, the SMBIOS table where it can.  Returns false
 * after a message.
 */
bool running_read(struct report *r, bool msrs);

#endif
