/* SPDX-License-Identifier: MIT */
/*
 * idle.c - a program that only switches the machine off: what a boot takes without the probe, for
 * scripts/bench-boot.
 */
#include <efi.h>

#include "mark.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	(void)image;
	mark("idle ends ");
	table->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
	return EFI_SUCCESS;
}
