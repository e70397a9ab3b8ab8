/* SPDX-License-Identifier: MIT */
/*
 * console_report.h - the report over the console, when the stick cannot take it or by request.
 */
#ifndef CONSOLE_REPORT_H
#define CONSOLE_REPORT_H

#include "probe.h"

/*
 * Writes report and seal as a transcript, common/transcript.h, from which a log of the console
 * gives the files back.  May be called again: the log's reader puts both together.  Without a
 * report it writes nothing.
 */
void console_report(const struct probe *p);

#endif
