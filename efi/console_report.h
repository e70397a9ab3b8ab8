/* SPDX-License-Identifier: MIT */
/*
 * console_report.h - sends the report over the console.
 *
 * For sticks that cannot take it, and for the setting "verbosity full".
 */
#ifndef CONSOLE_REPORT_H
#define CONSOLE_REPORT_H

#include "probe.h"

/*
 * Writes report and seal as a transcript (report/transcript.h).  The tool makes the files again
 * from a log of the console; of a report that was sent twice it uses the lines of both.  Writes
 * nothing if there is no report.
 */
void console_report(const struct probe *p);

#endif
