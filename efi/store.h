/* SPDX-License-Identifier: MIT */
/*
 * store.h - puts reports on the stick so that none is lost, overwritten or mistaken for whole.
 *
 * \cpulevel\reports\NNNN-SERIAL.txt and the same with .minisig.  Both are written under temporary
 * names and compared; then the seal takes its name, and last the report: a file that is called a
 * report is whole and has its seal.
 */
#ifndef STORE_H
#define STORE_H

#include "base/text.h"
#include "files.h"

#define STORE_DIRECTORY "\\cpulevel\\reports"
#define STORE_SEAL      ".minisig" /* behind the name of what it seals */

/* Number of at most nine digits, '-', 24 characters, ".txt". */
#define STORE_NAME_MAX 38

/*
 * Returns in *ret_number one more than the highest number in use, leftovers of failed tries
 * included; EFI_END_OF_FILE if there is none higher.  Makes the directory if there is none.
 */
EFI_STATUS store_number(const struct volume *stick, uint32_t *ret_number);

/* The name of a report's file; of serial the letters, digits and '-' are used, 24 at most. */
void store_name(char name[static STORE_NAME_MAX + 1], uint32_t number, const char *serial);

/* Writes report and seal, compares them, names them.  After a failure no report is there. */
EFI_STATUS store_put(const struct volume *stick, uint32_t number, const char *name,
                     const struct text *report, const struct text *seal);

/* Reads both under their final names and compares them with what is in memory. */
EFI_STATUS store_compare(const struct volume *stick, const char *name, const struct text *report,
                         const struct text *seal);

#endif
