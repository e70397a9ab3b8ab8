/* SPDX-License-Identifier: MIT */
/*
 * import_console.h - takes reports and seals out of the log of a console.
 */
#ifndef IMPORT_CONSOLE_H
#define IMPORT_CONSOLE_H

#include "input/file.h"

/*
 * Writes the reports in a log and their seals: into output if that is a folder, else the only
 * report to that file.  Lists them if output is NULL.  number selects one of them, 0 all.  Returns
 * false after a message if one is incomplete or cannot be written.
 */
bool import_console(const char *path, const struct bytes *log, const char *output, unsigned number);

#endif
