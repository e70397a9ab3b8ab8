/* SPDX-License-Identifier: MIT */
/*
 * fault.h - how a 64-bit processor is interrupted.
 */
#ifndef FAULT_H
#define FAULT_H

#include <efi.h>
#include <efidebug.h>
#include <stdint.h>

/* A gate of the interrupt table (SDM vol. 3A, figure 6-8), as something to compare. */
struct gate {
	uint64_t part[2];
};

/* Where the interrupted program goes on. */
static inline uint64_t *fault_address(EFI_SYSTEM_CONTEXT context)
{
	return &context.SystemContextX64->Rip;
}

#endif
