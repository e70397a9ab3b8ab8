/* SPDX-License-Identifier: MIT */
/*
 * new_files.h - writes whole files: under its name each is complete, or what was there before.
 *
 * Files that belong together, such as a report and its seal, are written together: all, or none.
 */
#ifndef NEW_FILES_H
#define NEW_FILES_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct new_file {
	const char *path;
	const char *at;
	size_t size;
	unsigned mode; /* as for open */
};

/*
 * Returns true if a file may be written there: nothing has this name, or replace is set and it is a
 * regular file.  A symbolic link is refused, for the file it points to would not be replaced, and
 * so are folders, devices, pipes and sockets.  Returns false after a message; advice follows
 * "already exists; ".
 */
bool new_file_free(const char *path, bool replace, const char *advice);

/*
 * Writes files, all or none.  All are complete under temporary names, and on the disk, before the
 * first gets its name; they get their names in the order of the list.  If one cannot, the others
 * lose theirs again, and what they replaced comes back.  On a file system that cannot rename
 * without overwriting, a new file is written under its name at once.  Signals that end the program
 * wait meanwhile.  Returns false after a message; also if new_file_free does.
 */
bool new_files_write(const struct new_file *list, size_t count, bool replace);

/* The same for one file. */
bool new_file_write(const char *path, const char *at, size_t size, unsigned mode, bool replace);

/* Has signals that end the program wait, until signals_release with what was set here. */
void signals_hold(sigset_t *ret_before);
void signals_release(const sigset_t *before);

#endif
