/* SPDX-License-Identifier: MIT */
/*
 * store.h - stores reports on the stick: none is lost, overwritten, or there in part.
 *
 * The files are \cpulevel\reports\NNNN-SERIAL.txt and NNNN-SERIAL.txt.minisig.  Both are written
 * under temporary names and compared.  Then the seal is renamed, and the report last: a file with
 * a report's name is complete and has its seal.
 */
#ifndef STORE_H
#define STORE_H

#include "base/text.h"
#include "files.h"

#define STORE_DIRECTORY "\\cpulevel\\reports"
#define STORE_SEAL      ".minisig" /* appended to the name of the sealed file */

/* A number of at most nine digits, '-', 24 characters, ".txt". */
#define STORE_NAME_MAX 38

/*
 * Sets *ret_number to one more than the highest number in use.  Temporary files that were left
 * behind count too.  Creates the directory if it is missing.  EFI_END_OF_FILE: the last number is
 * in use.
 */
EFI_STATUS store_number(const struct volume *stick, uint32_t *ret_number);

/* Sets name to that of a report's file.  Of serial it uses letters, digits and '-', 24 at most. */
void store_name(char name[static STORE_NAME_MAX + 1], uint32_t number, const char *serial);

/* Writes report and seal, compares them, renames them.  After a failure there is no report. */
EFI_STATUS store_put(const struct volume *stick, uint32_t number, const char *name,
                     const struct text *report, const struct text *seal);

/*
 * Writes a file beside a report, NAME and an ending, compares it, and gives it its name last.  The
 * report needs it for nothing.
 */
EFI_STATUS store_beside(const struct volume *stick, uint32_t number, const char *name,
                        const char *ending, const struct text *text);

/* Reads both under their final names and compares them.  EFI_CRC_ERROR: they differ. */
EFI_STATUS store_compare(const struct volume *stick, const char *name, const struct text *report,
                         const struct text *seal);

#endif
