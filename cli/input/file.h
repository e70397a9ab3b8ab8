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

/* The same for what belongs to another file and was not named: it must be a regular file. */
bool file_read_beside(const char *path, size_t max, struct bytes *ret_bytes, bool *ret_missing);

/* True if standard input begins with these words, at most 16 bytes.  file_read still gives them. */
bool file_standard_begins(const char *words);

/* The same for what is open already; path is for messages. */
bool file_read_from(int fd, const char *path, size_t max, struct bytes *ret_bytes);

/*
 * Makes standard input, output and error ready, before anything else.  If one is closed, the next
 * file to be opened would take its place, and messages would go into it; so /dev/null does, in a
 * way that reading or writing it fails all the same.  A file that may not grow further is an error
 * of write(2), no signal.  If standard output could not be written, the program ends with
 * EXIT_TROUBLE.
 */
void output_start(void);

/* Writes to standard output and flushes it.  Returns false after a message; it is printed once. */
bool output_write(const char *at, size_t size);

/* Returns true if something has this name, also a link that leads to nothing. */
bool path_is_there(const char *path);

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
