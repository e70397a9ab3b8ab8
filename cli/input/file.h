/* SPDX-License-Identifier: MIT */
/*
 * file.h - reads and writes whole files, with a limit, and without overwriting one by mistake.
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

/*
 * Returns true if file_write may write there: nothing has this name, or replace is set and it is a
 * regular file.  A symbolic link is refused, for the file it points to would not be replaced, and
 * so are folders, devices, pipes and sockets.  Returns false after a message; advice follows
 * "already exists; ".
 */
bool file_free(const char *path, bool replace, const char *advice);

/*
 * Writes a file under a temporary name, flushes it to the disk, then renames it; mode as for open.
 * On a file system that cannot rename without overwriting, a new file is written under its name
 * at once.  Returns false after a message; also if file_free does.
 */
bool file_write(const char *path, const char *at, size_t size, unsigned mode, bool replace);

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
