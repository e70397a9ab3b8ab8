/* SPDX-License-Identifier: MIT */
/*
 * cpu_arch.h - EFI_CPU_ARCH_PROTOCOL, which gnu-efi does not declare.
 *
 * UEFI Platform Initialization Specification 1.7A, volume 2, 12.3.  The probe calls one of its
 * functions; the others only fill their place in the structure.
 */
#ifndef CPU_ARCH_H
#define CPU_ARCH_H

#include "firmware.h"

#include <efidebug.h>

#define EFI_CPU_ARCH_PROTOCOL_GUID                                     \
	{                                                              \
		0x26baccb1, 0x6f42, 0x11d4,                            \
		{                                                      \
			0xbc, 0xe7, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 \
		}                                                      \
	}

typedef struct cpu_arch_protocol EFI_CPU_ARCH_PROTOCOL;

/* A handler of NULL removes the registered one.  EFI_ALREADY_STARTED: there is one already. */
typedef EFI_STATUS(EFIAPI *EFI_CPU_REGISTER_INTERRUPT_HANDLER)(EFI_CPU_ARCH_PROTOCOL *protocol,
                                                               EFI_EXCEPTION_TYPE type,
                                                               EFI_EXCEPTION_CALLBACK handler);

struct cpu_arch_protocol {
	VOID *FlushDataCache, *EnableInterrupt, *DisableInterrupt, *GetInterruptState, *Init;
	EFI_CPU_REGISTER_INTERRUPT_HANDLER RegisterInterruptHandler;
	VOID *GetTimerValue, *SetMemoryAttributes;
	UINT32 NumberOfTimers, DmaBufferAlignment;
};

#endif
