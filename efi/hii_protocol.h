/* SPDX-License-Identifier: MIT */
/*
 * hii_protocol.h - the protocol of firmware's database of setup forms; gnu-efi lacks it.
 *
 * UEFI specification, edition 2.10, 34.8.  Names and order are the specification's; functions that
 * the probe does not call are bare pointers.
 */
#ifndef HII_PROTOCOL_H
#define HII_PROTOCOL_H

#include <efi.h>

#define EFI_HII_DATABASE_PROTOCOL_GUID                                 \
	{                                                              \
		0xef9fc172, 0xa1b2, 0x4693,                            \
		{                                                      \
			0xb3, 0x27, 0x6d, 0x32, 0xfc, 0x41, 0x60, 0x42 \
		}                                                      \
	}

typedef struct EFI_HII_DATABASE_PROTOCOL {
	void *NewPackageList, *RemovePackageList, *UpdatePackageList, *ListPackageLists;
	/* A handle of NULL: all package lists. */
	EFI_STATUS(EFIAPI *ExportPackageLists)
	(const struct EFI_HII_DATABASE_PROTOCOL *self, void *handle, UINTN *size, void *buffer);
} EFI_HII_DATABASE_PROTOCOL;

#endif
