/* SPDX-License-Identifier: MIT */
/*
 * native.h - the instructions that read the processor on which they are executed.
 *
 * They cannot fault and call no firmware, so application processors may use them.
 */
#ifndef NATIVE_H
#define NATIVE_H

#include "cpuid/cpuid.h"
#include "report/report.h"

/* Executes CPUID; a cpuid_exec (cpuid/cpuid.h) that does not use ctx. */
void native_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/* Reads CR4, and XCR0 if CR4.OSXSAVE allows it.  Microcode and MSRs stay unknown. */
void native_control(struct control *control);

/* The processor's table of interrupts: the last byte's offset, and where it is. */
struct native_table {
	uint16_t limit;
	uintptr_t base;
} __attribute__((packed));

void native_interrupts(struct native_table *table);

#endif
