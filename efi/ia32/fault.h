/* SPDX-License-Identifier: MIT */
/*
 * fault.h - how a processor in 32-bit mode is interrupted.
 */
#ifndef FAULT_H
#define FAULT_H

#include <efi.h>
#include <efidebug.h>
#include <stdint.h>

/* A gate of the interrupt table (SDM vol. 3A, figure 6-2), as something to compare. */
struct gate {
	uint32_t part[2];
};

/* Where the interrupted program goes on. */
static inline UINT32 *fault_address(EFI_SYSTEM_CONTEXT context)
{
	return &context.SystemContextIa32->Eip;
}

#endif
