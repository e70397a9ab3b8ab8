/* SPDX-License-Identifier: MIT */
/*
 * import.h - formats of the subcommand import that have a file of their own.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include "files.h"

/*
 * Writes the reports in a console's log, with their seals: into output if that is a folder, else
 * the one there is to that file.  number is which of them, 0 all.  Lists them without an output.
 * Returns false, with the cause said, if one of them could not be had whole and written.
 */
bool import_console(const char *path, const struct bytes *log, const char *output, unsigned number);

#endif
