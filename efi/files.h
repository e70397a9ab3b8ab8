/* SPDX-License-Identifier: MIT */
/*
 * files.h - reads and writes files on a volume.
 *
 * Paths are ASCII, at most FILES_PATH_MAX long, and begin with a backslash, the volume's root.
 * Every function closes the handles that it opened.  It returns the firmware's status, or one of
 * the values below for an error that the firmware does not notice.  files_clause has a text for
 * each.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "volume.h"

#define FILES_PATH_MAX 127

/*
 * Reads a whole file into buffer[size] and sets *ret_size to its length.  EFI_BAD_BUFFER_SIZE: the
 * file is longer than size.
 */
EFI_STATUS file_read(const struct volume *v, const char *path, char *buffer, UINTN size,
                     UINTN *ret_size);

/*
 * Creates a file, writes it, flushes and closes it.  EFI_ALREADY_STARTED: the path exists, and
 * nothing was changed.  After any other failure part of the file may remain.
 */
EFI_STATUS file_write(const struct volume *v, const char *path, const char *data, UINTN size);

/* Reads a file and compares it with data.  EFI_CRC_ERROR: they differ. */
EFI_STATUS file_compare(const struct volume *v, const char *path, const char *data, UINTN size);

/* Renames a file within its directory; name is without a path. */
EFI_STATUS file_rename(const struct volume *v, const char *path, const char *name);

/* Returns EFI_SUCCESS if the path does not exist, EFI_ALREADY_STARTED if it does. */
EFI_STATUS file_absent(const struct volume *v, const char *path);

/* Writes a file of size bytes, all zero, flushes it and removes it.  An old file is replaced. */
EFI_STATUS file_zeros(const struct volume *v, const char *path, UINTN size);

/* Removes a file.  Failures are ignored. */
void file_remove(const struct volume *v, const char *path);

/* Returns true if the path is a directory. */
bool directory_is(const struct volume *v, const char *path);

/* Creates a directory unless it exists. */
EFI_STATUS directory_make(const struct volume *v, const char *path);

#define DIRECTORY_NUMBER_MAX 999999999

/*
 * Sets *ret_number to the highest number with which a name in a directory begins.  Only numbers of
 * four to nine digits count; 0 if there is none.
 */
EFI_STATUS directory_highest(const struct volume *v, const char *path, uint32_t *ret_number);

/*
 * Calls each for every name in a directory that is ASCII and at most FILES_PATH_MAX long.  number
 * is the one with which the name begins, as directory_highest counts it, or 0.
 */
typedef void directory_entry(void *ctx, const char *name, uint32_t number);
EFI_STATUS directory_each(const struct volume *v, const char *path, directory_entry *each,
                          void *ctx);

/*
 * Returns true if a FAT directory may need another cluster for more entries, or if the firmware
 * does not say how long the directory is.  An estimate: entries of removed files are not counted.
 */
bool directory_grows(const struct volume *v, const char *path, UINTN more);

/* Returns what a status means for a stick, "the stick is full": no capital, no full stop. */
const char *files_clause(EFI_STATUS status);

#endif
