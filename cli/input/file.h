/* SPDX-License-Identifier: MIT */
/*
 * file.h - reads whole files, with a limit, and writes to standard output (files: new_files.h).
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
 * Reads a file of at most max bytes; "-" is standard input.  Returns false after a message.
 * file_read_optional prints no message if the file does not exist, but sets *ret_missing.
 */
bool file_read(const char *path, size_t max, struct bytes *ret_bytes);
bool file_read_optional(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing);

/* True if standard input begins with these words, at most 16 bytes.  file_read still gives them. */
bool file_standard_begins(const char *words);

/* The same for what is open already; path is for messages. */
bool file_read_from(int fd, const char *path, size_t max, struct bytes *ret_bytes);

/* Writes to standard output and flushes it.  Returns false after a message; it is printed once. */
bool output_write(const char *at, size_t size);

/*
 * For atexit: ends the program with EXIT_TROUBLE if standard output could not be written, whatever
 * wrote to it (argp prints --help and ends the program itself).
 */
void output_finish(void);

/* Returns true if there is a folder of this name. */
bool path_is_folder(const char *path);

/* Returns FOLDER/NAME, from malloc. */
char *path_join(const char *folder, const char *name);

/* Returns true if a path has this ending, and something before it. */
bool has_end(const char *path, const char *end);

/* Returns the last part of a path. */
const char *base_name(const char *path);

/* The same without a final ".txt": the host's name.  From malloc. */
char *host_name(const char *path);

#endif
