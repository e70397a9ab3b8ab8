/* SPDX-License-Identifier: MIT */
/*
 * volume.h - which stick takes the report, and what the firmware calls it.
 */
#ifndef VOLUME_H
#define VOLUME_H

#include <stdbool.h>

#include "firmware.h"

/* A longer name of a device is cut. */
#define VOLUME_TEXT_MAX 128

/*
 * root is NULL if there is no file system at all: booted over the network, say, and no stick with
 * \cpulevel in the machine.
 */
struct volume {
	EFI_FILE_PROTOCOL *root;
	EFI_HANDLE device;
	EFI_STATUS takes; /* EFI_SUCCESS if it takes files, else why it does not */
	bool other;       /* not the volume that this program was loaded from */
};

/*
 * Opens the volume that this program was loaded from if it takes files, else the first in the
 * firmware's order, after all that is on USB was started, that takes files and has a directory
 * \cpulevel at its root.  Without either it
 * is the volume of the program again, if that is a file system: it can be read.  No other volume
 * is written to.  On failure root is NULL.
 */
EFI_STATUS volume_open(struct volume *v, const struct firmware *fw);
void volume_close(struct volume *v);

/*
 * Closes a volume and opens it with its driver started anew.  EDK2's FAT driver keeps what it wrote
 * in memory: without this, what is read back never was on the stick.  On failure root is NULL.
 */
EFI_STATUS volume_reopen(struct volume *v, const struct firmware *fw);

/*
 * The device path of a volume, or of what this program was loaded from, the network included, as
 * the firmware spells it: printable ASCII, at most VOLUME_TEXT_MAX.  Returns false, and text is
 * "", if the firmware does not spell it.
 */
bool volume_describe(const struct volume *v, const struct firmware *fw,
                     char text[static VOLUME_TEXT_MAX + 1]);
bool volume_describe_boot(const struct firmware *fw, char text[static VOLUME_TEXT_MAX + 1]);

/* Says on the console which stick is used, if it is another than the program's. */
void volume_say(const struct volume *v, const struct firmware *fw);

#endif
