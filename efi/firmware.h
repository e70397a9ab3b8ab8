/* SPDX-License-Identifier: MIT */
/*
 * firmware.h - the handles through which everything in efi/ reaches the firmware.
 *
 * Types of UEFI stay in this directory: common/ sees bytes, numbers and texts only.
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
