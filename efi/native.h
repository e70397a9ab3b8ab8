/* SPDX-License-Identifier: MIT */
/*
 * native.h - the instructions that read the processor they are executed on.
 *
 * None of these can fault.  Nothing here calls firmware, so application processors may use all of
 * it.
 */
#ifndef NATIVE_H
#define NATIVE_H

#include "cpuid/cpuid.h"
#include "report/report.h"

/* A cpuid_exec for the processor at hand; ctx is not used. */
void native_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/* Reads CR4, and XCR0 if CR4.OSXSAVE allows it; microcode and registers stay unknown. */
void native_control(struct control *control);

#endif
