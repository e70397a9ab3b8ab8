/* SPDX-License-Identifier: MIT */
/*
 * mp.h - the MP Services protocol, which gnu-efi does not declare.
 *
 * UEFI Platform Initialization Specification 1.7, volume 2, section 13.4.  Names and order are
 * the specification's; functions that the probe does not call are bare pointers.
 */
#ifndef MP_H
#define MP_H

#include <efi.h>

#define EFI_MP_SERVICES_PROTOCOL_GUID                                  \
	{                                                              \
		0x3fdda605, 0xa76e, 0x4f46,                            \
		{                                                      \
			0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08 \
		}                                                      \
	}

#define PROCESSOR_AS_BSP_BIT  0x1U
#define PROCESSOR_ENABLED_BIT 0x2U

typedef struct {
	UINT32 Package, Core, Thread;
} EFI_CPU_PHYSICAL_LOCATION;

typedef struct {
	UINT32 Package, Module, Tile, Die, Core, Thread;
} EFI_CPU_PHYSICAL_LOCATION2;

/* Location2 is new in version 1.7.  Newer firmware writes it unasked, so there must be room. */
typedef struct {
	UINT64 ProcessorId;
	UINT32 StatusFlag;
	EFI_CPU_PHYSICAL_LOCATION Location;
	EFI_CPU_PHYSICAL_LOCATION2 Location2;
} EFI_PROCESSOR_INFORMATION;

typedef void(EFIAPI *EFI_AP_PROCEDURE)(void *argument);

typedef struct EFI_MP_SERVICES_PROTOCOL EFI_MP_SERVICES_PROTOCOL;

struct EFI_MP_SERVICES_PROTOCOL {
	EFI_STATUS(EFIAPI *GetNumberOfProcessors)
	(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number, UINTN *enabled);
	EFI_STATUS(EFIAPI *GetProcessorInfo)
	(EFI_MP_SERVICES_PROTOCOL *self, UINTN number, EFI_PROCESSOR_INFORMATION *information);
	/* event NULL: blocking; microseconds 0: no time-out; failed may be NULL. */
	EFI_STATUS(EFIAPI *StartupAllAPs)
	(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure, BOOLEAN single,
	 EFI_EVENT event, UINTN microseconds, void *argument, UINTN **failed);
	/* event NULL: blocking; microseconds 0: no time-out; finished may be NULL. */
	EFI_STATUS(EFIAPI *StartupThisAP)
	(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure, UINTN number, EFI_EVENT event,
	 UINTN microseconds, void *argument, BOOLEAN *finished);
	void *SwitchBSP;
	void *EnableDisableAP;
	EFI_STATUS(EFIAPI *WhoAmI)(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number);
};

#endif
