/* SPDX-License-Identifier: MIT */
/*
 * mtools.h - reads a FAT volume in a disk or an image by the programs of mtools, without mounting.
 *
 * They get the open file, not its name, and the environment has nothing but PATH: neither names nor
 * settings of the user can change what they do.  They only read.
 */
#ifndef MTOOLS_H
#define MTOOLS_H

#include <stdint.h>

#include "input/file.h"

struct fat {
	const char *path; /* for messages */
	int fd;           /* open for reading */
	uint64_t offset;  /* of the volume's first byte */
};

/*
 * Lists a folder, such as "cpulevel/reports": a line "::/FOLDER/NAME" for each file, one with a /
 * at its end for each folder.  Returns false after a message; sets *ret_missing, without one, if
 * there is no such folder.
 */
bool mtools_list(const struct fat *fat, const char *folder, struct bytes *ret, bool *ret_missing);

/*
 * Reads a file of at most max bytes.  name is not taken for a pattern if transcript_name allows it.
 * Returns false after a message, in which it is called path.
 */
bool mtools_read(const struct fat *fat, const char *folder, const char *name, const char *path,
                 size_t max, struct bytes *ret);

#endif
