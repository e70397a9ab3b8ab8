/* SPDX-License-Identifier: MIT */
/*
 * file.h - whole files in and out: bounded reading, writing that overwrites nothing.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
	char *at; /* from malloc */
	size_t size;
};

/*
 * Reads a file of at most max bytes; "-" is standard input.  On failure the cause has been said.
 * A missing file is said only if it is not optional; *missing tells, unless it is NULL.
 */
bool file_read(const char *path, size_t max, struct bytes *ret_bytes);
bool file_read_optional(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing);

/*
 * Writes a new file: under a temporary name, flushed to the disk, then renamed.  A file that exists
 * is left alone, and that is trouble, unless replace is set.  mode as for open.
 */
bool file_write(const char *path, const char *at, size_t size, unsigned mode, bool replace);

/* Writes to standard output and checks that it went out. */
bool output_write(const char *at, size_t size);

/* The last part of a path, and that without a final ".txt"; the latter from malloc. */
const char *base_name(const char *path);
char *host_name(const char *path);

#endif
