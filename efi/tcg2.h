/* SPDX-License-Identifier: MIT */
/*
 * tcg2.h - the protocol through which firmware gives access to a TPM 2.0; gnu-efi lacks it.
 *
 * TCG EFI Protocol Specification, family 2.0, revision 1.00.  Names and order are the
 * specification's; functions that the probe does not call are bare pointers.
 */
#ifndef TCG2_H
#define TCG2_H

#include <efi.h>

#define EFI_TCG2_PROTOCOL_GUID                                         \
	{                                                              \
		0x607f766c, 0x7455, 0x42be,                            \
		{                                                      \
			0x93, 0x0b, 0xe4, 0xd7, 0x6d, 0xb2, 0x72, 0x0f \
		}                                                      \
	}

/* HashAlgorithmBitmap and ActivePcrBanks */
#define EFI_TCG2_BOOT_HASH_ALG_SHA1   0x1U
#define EFI_TCG2_BOOT_HASH_ALG_SHA256 0x2U
#define EFI_TCG2_BOOT_HASH_ALG_SHA384 0x4U
#define EFI_TCG2_BOOT_HASH_ALG_SHA512 0x8U

#define EFI_TCG2_EVENT_LOG_FORMAT_TCG_2 2

typedef struct {
	UINT8 Major, Minor;
} EFI_TCG2_VERSION;

/* Size must be set before the call. */
typedef struct {
	UINT8 Size;
	EFI_TCG2_VERSION StructureVersion, ProtocolVersion;
	UINT32 HashAlgorithmBitmap, SupportedEventLogs;
	BOOLEAN TPMPresentFlag;
	UINT16 MaxCommandSize, MaxResponseSize;
	UINT32 ManufacturerID, NumberOfPCRBanks, ActivePcrBanks;
} EFI_TCG2_BOOT_SERVICE_CAPABILITY;

typedef struct EFI_TCG2_PROTOCOL EFI_TCG2_PROTOCOL;

struct EFI_TCG2_PROTOCOL {
	EFI_STATUS(EFIAPI *GetCapability)
	(EFI_TCG2_PROTOCOL *self, EFI_TCG2_BOOT_SERVICE_CAPABILITY *capability);
	/* last is where the last entry begins. */
	EFI_STATUS(EFIAPI *GetEventLog)
	(EFI_TCG2_PROTOCOL *self, UINT32 format, UINT64 *location, UINT64 *last,
	 BOOLEAN *truncated);
	void *HashLogExtendEvent;
	EFI_STATUS(EFIAPI *SubmitCommand)
	(EFI_TCG2_PROTOCOL *self, UINT32 input_size, UINT8 *input, UINT32 output_size,
	 UINT8 *output);
};

#endif
