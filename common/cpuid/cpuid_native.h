/* SPDX-License-Identifier: MIT */
/*
 * cpuid_native.h - the instructions that read the processor on which they are executed, and that
 * programs may execute too.
 */
#ifndef CPUID_NATIVE_H
#define CPUID_NATIVE_H

#include "cpuid/cpuid.h"

/* Executes CPUID; a cpuid_exec that does not use ctx. */
void cpuid_native(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/* Reads XCR0; faults if CR4.OSXSAVE is clear, which leaf 1 ECX[27] mirrors. */
uint64_t cpuid_native_xcr0(void);

#endif
