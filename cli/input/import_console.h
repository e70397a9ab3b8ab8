/* SPDX-License-Identifier: MIT */
/*
 * import_console.h - formats of the subcommand import that have a file of their own.
 */
#ifndef IMPORT_CONSOLE_H
#define IMPORT_CONSOLE_H

#include "input/file.h"

/*
 * Writes the reports in a console's log, with their seals: into output if that is a folder, else
 * the one there is to that file.  number is which of them, 0 all.  Lists them without an output.
 * Returns false, with the cause said, if one of them could not be had whole and written.
 */
bool import_console(const char *path, const struct bytes *log, const char *output, unsigned number);

#endif
