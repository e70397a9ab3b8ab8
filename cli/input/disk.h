/* SPDX-License-Identifier: MIT */
/*
 * disk.h - what a disk or its image is, and where its FAT volumes begin.
 */
#ifndef DISK_H
#define DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_VOLUMES_MAX 4096

/* The FAT volumes of a disk. */
struct disk {
	size_t count;
	uint64_t offset[DISK_VOLUMES_MAX]; /* of their first byte, in the order of the table */
};

/*
 * Returns what a file is that begins with these bytes if it is a disk's image, and what to do;
 * NULL: no disk.
 */
const char *disk_message(const char *at, size_t size);

/*
 * Finds the FAT volumes of an open disk or image: by its GPT, with sectors of 512 to 4096 bytes; or
 * as one volume without partitions; or by its MBR; or by the second GPT at its end.  Partitions of
 * every type count if a FAT begins there, because a stick made by hand may have no EFI system
 * partition.  Those in an extended partition are not found.  Only reads.  Returns false if the disk
 * cannot be read; errno has the cause.
 */
bool disk_read(int fd, struct disk *ret);

#endif
