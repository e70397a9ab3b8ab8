/* SPDX-License-Identifier: MIT */
/*
 * firmware.h - the handles through which efi/ calls the firmware.
 *
 * UEFI types stay in this directory; common/ works on bytes, numbers and text.
 */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <efi.h>

struct firmware {
	EFI_HANDLE image;
	EFI_SYSTEM_TABLE *table;
	EFI_BOOT_SERVICES *boot;
};

#endif
