/* SPDX-License-Identifier: MIT */
/*
 * files.h - files on the volume that takes the report.
 *
 * Paths are ASCII, begin with a backslash at the volume's root and are at most FILES_PATH_MAX long.
 * Every handle is closed again by the function that opened it.  What is returned is the firmware's
 * status, or one of its values for what the firmware does not notice; files_clause says it.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "volume.h"

#define FILES_PATH_MAX 127

/* Reads a whole file into buffer[size].  EFI_BAD_BUFFER_SIZE if it is longer. */
EFI_STATUS file_read(const struct volume *v, const char *path, char *buffer, UINTN size,
                     UINTN *ret_size);

/*
 * Makes a file, writes it, flushes and closes it.  EFI_ALREADY_STARTED, with nothing changed, if
 * the path exists; after another failure a file may remain.
 */
EFI_STATUS file_write(const struct volume *v, const char *path, const char *data, UINTN size);

/* Reads a file back.  EFI_CRC_ERROR if it is not exactly data. */
EFI_STATUS file_compare(const struct volume *v, const char *path, const char *data, UINTN size);

/* Gives a file another name in the same directory; name is without a path. */
EFI_STATUS file_rename(const struct volume *v, const char *path, const char *name);

/* EFI_SUCCESS if nothing has this path, EFI_ALREADY_STARTED if something has. */
EFI_STATUS file_absent(const struct volume *v, const char *path);

/*
 * Makes a file of size zeros, in place of one that may be there, flushes it, and removes it.
 */
EFI_STATUS file_zeros(const struct volume *v, const char *path, UINTN size);

/* Removes a file if it is there and can be removed. */
void file_remove(const struct volume *v, const char *path);

/* Returns whether there is a directory of this path. */
bool directory_is(const struct volume *v, const char *path);

/* Makes a directory unless it exists. */
EFI_STATUS directory_make(const struct volume *v, const char *path);

#define DIRECTORY_NUMBER_MAX 999999999

/*
 * Returns in *ret_number the highest number that any name in a directory begins with, counting
 * those of four to nine digits; 0 if there is none.
 */
EFI_STATUS directory_highest(const struct volume *v, const char *path, uint32_t *ret_number);

/*
 * Calls each for every name in a directory that is ASCII and not longer than FILES_PATH_MAX, with
 * the number that it begins with, as directory_highest counts.
 */
typedef void directory_entry(void *ctx, const char *name, uint32_t number);
EFI_STATUS directory_each(const struct volume *v, const char *path, directory_entry *each,
                          void *ctx);

/*
 * Returns whether a directory of FAT may need another cluster when it gets more entries; true too
 * if the firmware does not tell how long it is.  A guess: entries of removed files are not seen.
 */
bool directory_grows(const struct volume *v, const char *path, UINTN more);

/* "the stick is full": what a status means for a stick, without capital and full stop. */
const char *files_clause(EFI_STATUS status);

#endif
