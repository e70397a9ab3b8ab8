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

#define EFI_HII_CONFIG_ROUTING_PROTOCOL_GUID                           \
	{                                                              \
		0x587e72d7, 0xcc50, 0x4f79,                            \
		{                                                      \
			0x82, 0x09, 0xca, 0x29, 0x1f, 0xc1, 0xa1, 0x0f \
		}                                                      \
	}

typedef struct EFI_HII_CONFIG_ROUTING_PROTOCOL {
	/* Results come from the pool, for the caller to free. */
	EFI_STATUS(EFIAPI *ExtractConfig)
	(const struct EFI_HII_CONFIG_ROUTING_PROTOCOL *self, const CHAR16 *request,
	 CHAR16 **progress, CHAR16 **results);
	void *ExportConfig, *RouteConfig, *BlockToConfig, *ConfigToBlock, *GetAltConfig;
} EFI_HII_CONFIG_ROUTING_PROTOCOL;

#endif
