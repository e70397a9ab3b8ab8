/* SPDX-License-Identifier: MIT */
/*
 * volume.h - finds the volume that takes the report.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include <stdbool.h>

#include "base/text.h"
#include "firmware.h"

/* Length of a device path; a longer one is cut. */
#define VOLUME_TEXT_MAX 128

/*
 * root is NULL if there is no file system: after a network boot without a stick, for example.
 */
struct volume {
	EFI_FILE_PROTOCOL *root;
	EFI_HANDLE device;
	EFI_STATUS takes; /* EFI_SUCCESS: it takes files; otherwise why it does not */
	bool other;       /* not the volume that the probe was loaded from */
};

/*
 * Opens the volume that the probe was loaded from, if it takes files.  Otherwise it starts all USB
 * devices and opens the first volume, in the firmware's order, that has a directory \cpulevel and
 * takes files.  If there is none, it opens the probe's own volume again, to read from it.  It
 * writes to no volume without \cpulevel other than the probe's own.  On failure root is NULL.
 */
EFI_STATUS volume_open(struct volume *v, const struct firmware *fw);

/* Closes a volume; does nothing if root is NULL. */
void volume_close(struct volume *v);

/*
 * Closes a volume, restarts its driver and opens it again.  EDK2's FAT driver caches what it
 * wrote; without a restart a file would be read back from memory.  On failure root is NULL, but not
 * if the driver could not be stopped: files can then be read, and nobody knows from where.
 */
EFI_STATUS volume_reopen(struct volume *v, const struct firmware *fw);

/*
 * Sets text to the device path of a volume, or of what the probe was loaded from, which may be a
 * network card: printable ASCII, cut at VOLUME_TEXT_MAX.  Returns false, with text "", if there is
 * none.
 */
bool volume_describe(const struct volume *v, const struct firmware *fw,
                     char text[static VOLUME_TEXT_MAX + 1]);
bool volume_describe_boot(const struct firmware *fw, char text[static VOLUME_TEXT_MAX + 1]);

/* Appends which volume is used (line.h), if it is not the one that the probe was loaded from. */
void volume_announce(const struct volume *v, const struct firmware *fw, struct text *rows);

#endif
