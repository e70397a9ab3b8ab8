/* SPDX-License-Identifier: MIT */
/*
 * fault.h - what differs between 32-bit and 64-bit mode when a processor faults.
 *
 * Implemented by ia32/fault.c and x86_64/fault.c; the build takes one of them.
 */
#ifndef FAULT_H
#define FAULT_H

#include <efi.h>
#include <efidebug.h>
#include <stdint.h>

/* An entry of the interrupt descriptor table.  Only compared, so its layout does not matter. */
struct gate {
	uint64_t part[2];
};

/* Returns the size of a gate in bytes. */
uint16_t fault_gate_size(void);

/* Returns the gate of a vector in the table at base. */
struct gate fault_gate(uintptr_t base, unsigned vector);

/* Returns the address of the instruction that faulted. */
uintptr_t fault_address(const EFI_SYSTEM_CONTEXT *context);

/* Sets the address at which the program continues. */
void fault_resume_at(EFI_SYSTEM_CONTEXT *context, uintptr_t address);

#endif
