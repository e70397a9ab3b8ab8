/* SPDX-License-Identifier: MIT */
/*
 * store.h - stores reports on the stick: none is lost, overwritten, or there in part.
 *
 * The files are \cpulevel\reports\NNNN-SERIAL.txt and NNNN-SERIAL.txt.minisig.  Both are written
 * under temporary names and compared.  Then the seal is renamed, and the report last: a file with
 * a report's name is complete and has its seal.  Firmware that cannot rename writes the final names
 * in this order.
 *
 * NNNN-SERIAL_boot.txt is a report of the boot processor, written before any other processor is
 * asked, and NNNN-SERIAL_bare.txt one without setup's options, written before the firmware is asked
 * for these.  They are removed when a report with more is stored.
 */
#ifndef STORE_H
#define STORE_H

#include "base/text.h"
#include "files.h"

#define STORE_DIRECTORY "\\cpulevel\\reports"
#define STORE_SEAL      ".minisig" /* appended to the name of the sealed file */

#define STORE_WHOLE ".txt"
#define STORE_BOOT  "_boot.txt"
#define STORE_BARE  "_bare.txt"

/* A number of at most nine digits, '-', 24 characters, "_boot.txt". */
#define STORE_NAME_MAX 43

/*
 * Sets *ret_number to one more than the highest number in use.  Temporary files that were left
 * behind count too.  Creates the directory if it is missing.  EFI_END_OF_FILE: the last number is
 * in use.
 */
EFI_STATUS store_number(const struct volume *stick, uint32_t *ret_number);

/*
 * Sets name to that of a report's file, which ends in one of these.  Of serial it uses
 * letters, digits and '-', 24 at most.
 */
void store_name(char name[static STORE_NAME_MAX + 1], uint32_t number, const char *serial,
                const char *ending);

/*
 * Writes report and seal, compares them, renames them.  If seal is empty, only the report.
 * *ret_renamed is false if the firmware cannot rename.  After a failure there is no report.
 */
EFI_STATUS store_put(const struct volume *stick, uint32_t number, const char *name,
                     const struct text *report, const struct text *seal, bool *ret_renamed);

/* Removes a report and its seal. */
void store_remove(const struct volume *stick, uint32_t number, const char *name);

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
