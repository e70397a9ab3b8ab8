/* SPDX-License-Identifier: MIT */
/*
 * device_copy.h - writes an image to a drive and compares the drive with it.
 */
#ifndef DEVICE_COPY_H
#define DEVICE_COPY_H

#include <stdbool.h>
#include <stdint.h>

struct device_copy {
	const char *path, *image; /* of the drive and of the image, for messages */
	int to, from;             /* open for writing and reading, and for reading */
	uint64_t drive, size;     /* bytes of the drive and of the image */
};

/*
 * Writes the image to the drive's beginning, and zeros to the drive's end, where another partition
 * table and the signs of a RAID may be.  The first MiB is written last: a drive whose writing was
 * interrupted has no partitions.  Then reads all of it from the drive itself, not from memory.
 * Returns false after a message; the drive is then not a stick.
 */
bool device_copy(const struct device_copy *c);

#endif
