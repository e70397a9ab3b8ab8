/* SPDX-License-Identifier: MIT */
/*
 * stick.h - the folder of reports on a stick: mounted, a device, or an image.
 *
 * Nothing is written to it.  A stick is a stranger's until its seals are checked, so its names are
 * used only if the probe could have given them, and a file is read only if it is a regular one.
 */
#ifndef STICK_H
#define STICK_H

#include "input/mtools.h"

/* A folder of reports. */
struct stick {
	const char *path; /* of the stick, as given */
	char *folder;     /* of its reports, for messages; if mounted, a path too */
	bool mounted;
	struct fat fat; /* if not mounted */
	size_t count;
	char **name;  /* of its files, sorted, but for those that begin with a dot */
	bool damaged; /* names were left out after a message, for there were several of one */
};

/* Called with each folder of reports of a stick.  Returns false to make stick_each return false. */
typedef bool stick_visit(void *ctx, const struct stick *s);

/*
 * Opens a stick and calls visit for the folder cpulevel/reports of each FAT volume that has one. Of
 * a folder it is the one in it, or the folder itself if there is none.  Returns false after a
 * message if there is none, or if one cannot be read.
 */
bool stick_each(const char *path, stick_visit *visit, void *ctx);

/* Returns a file's name for messages, FOLDER/NAME, from malloc. */
char *stick_file(const struct stick *s, const char *name);

/* Returns true if there is a file of this name. */
bool stick_has(const struct stick *s, const char *name);

/*
 * Reads a regular file of at most max bytes, whose name must be one of transcript_name.  Returns
 * false after a message.
 */
bool stick_read(const struct stick *s, const char *name, size_t max, struct bytes *ret);

#endif
