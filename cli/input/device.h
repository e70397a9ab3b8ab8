/* SPDX-License-Identifier: MIT */
/*
 * device.h - what a drive is, what is on it, and whether a stick may be made of it.
 *
 * lsblk (util-linux) says it, from sysfs and the beginnings of its partitions.  Whether the drive
 * is in use, the kernel says again when the drive is opened: device_open.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "input/json.h"

struct device {
	const char *path;   /* as given, for messages */
	json_t *lsblk;      /* all of it, for device_free */
	const json_t *disk; /* what lsblk says of the drive */
};

/* Asks for a drive.  Returns false after a message, also if it is no block device. */
bool device_find(const char *path, struct device *ret);
void device_free(struct device *d);

/* Returns what lsblk says of a drive or of one of its parts; NULL or 0: nothing. */
const char *device_text(const json_t *part, const char *key);
uint64_t device_number(const json_t *part, const char *key);

/* Returns a part of a drive, a partition for example; NULL: there are not so many. */
const json_t *device_part(const json_t *disk, size_t index);

/*
 * Returns true if a stick may be made of the drive.  With force also of one that is not removable,
 * or that has a part of a RAID or of a volume group.  Returns false after a message.
 */
bool device_allowed(const struct device *d, bool force);

/*
 * Opens the drive for writing, and for this program alone.  Returns -1 after a message: it is in
 * use, or it is another one than was asked for.
 */
int device_open(const struct device *d);

#endif
