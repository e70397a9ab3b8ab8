/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid_native.h"

void cpuid_native(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	(void)ctx;
	__asm__ volatile("cpuid"
	                 : "=a"(reg[EAX]), "=b"(reg[EBX]), "=c"(reg[ECX]), "=d"(reg[EDX])
	                 : "a"(leaf), "c"(subleaf));
}

uint64_t cpuid_native_xcr0(void)
{
	uint32_t low, high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (uint64_t)high << 32 | low;
}
