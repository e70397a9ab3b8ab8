/* SPDX-License-Identifier: MIT */
/*
 * fault.h - how a processor is interrupted: what differs between 32-bit and 64-bit mode.
 *
 * ia32/fault.c and x86_64/fault.c implement it; the build takes one of them.
 */
#ifndef FAULT_H
#define FAULT_H

#include <efi.h>
#include <efidebug.h>
#include <stdint.h>

/* A gate of the interrupt table, as something to compare. */
struct gate {
	uint64_t part[2];
};

/* Returns the size in bytes of a gate, and the gate of a vector in the table at base. */
uint16_t fault_gate_size(void);
struct gate fault_gate(uintptr_t base, unsigned vector);

/* Returns the instruction that was interrupted; sets the one where the program goes on. */
uintptr_t fault_address(const EFI_SYSTEM_CONTEXT *context);
void fault_resume_at(EFI_SYSTEM_CONTEXT *context, uintptr_t address);

#endif
