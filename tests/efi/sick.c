/* SPDX-License-Identifier: MIT */
/*
 * Replaces efi/native.c: the processor with APIC ID 2 does not return from CPUID leaf 2.  The rest
 * of efi/native.c is unchanged.
 */
#define native_cpuid native_cpuid_well
#include "native.c"
#undef native_cpuid

#define SICK_APIC_ID 2

cpuid_exec native_cpuid;

void native_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	native_cpuid_well(ctx, 1, 0, reg);
	while (leaf == 2 && reg[EBX] >> 24 == SICK_APIC_ID)
		__asm__ volatile("pause");
	native_cpuid_well(ctx, leaf, subleaf, reg);
}
