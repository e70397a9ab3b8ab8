/* SPDX-License-Identifier: MIT */
/*
 * device_path.h - walks a UEFI device path within bounds, and writes it as text.
 *
 * UEFI Specification 2.10, chapter 10.  Firmware has device paths with nodes of length 0, on which
 * its own functions never end, so they are not used.
 */
#ifndef DEVICE_PATH_H
#define DEVICE_PATH_H

#include "base/text.h"

/* Longer paths are taken for damaged; they do not say how long they are. */
#define DEVICE_PATH_MAX 4096

/* Types of nodes, and subtypes of media. */
enum { PATH_HARDWARE = 1, PATH_ACPI, PATH_MESSAGING, PATH_MEDIA, PATH_END = 0x7f };
enum { MEDIA_DISK = 1, MEDIA_CD, MEDIA_RAM = 9 };

struct device_path {
	const uint8_t *node; /* the current one: type, subtype, length in 16 bits, data */
	size_t size;         /* of it */
	size_t used;         /* of the path, up to the end of the node */
};

/* Before the first node.  Nothing of the path is read yet. */
void device_path_start(struct device_path *p, const void *path);

/* Goes to the next node.  Returns false at the end, and at a node that is too short or too far. */
bool device_path_next(struct device_path *p);

/*
 * Appends a path by the names of UEFI 2.10, 10.6.1.6: "PciRoot(0x0)/Pci(0x2,0x0)/USB(0x0,0x0)".  A
 * node of a kind that this does not know is "Path(TYPE,SUBTYPE)".  A damaged path ends in "/...".
 */
void device_path_write(struct text *t, const void *path);

#endif
