/* SPDX-License-Identifier: MIT */
#include "native.h"

#include "cpuid/cpuid_native.h"

/* SDM vol. 3A, 2.5: if CR4.OSXSAVE is clear, XGETBV raises an invalid-opcode fault. */
#define CR4_OSXSAVE (UINT64_C(1) << 18)

void native_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	cpuid_native(ctx, leaf, subleaf, reg);
}

/* A control register has the width of an address. */
static uint64_t read_cr4(void)
{
	uintptr_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

void native_control(struct control *control)
{
	*control = (struct control){ .cr4 = { true, read_cr4() } };
	if (control->cr4.value & CR4_OSXSAVE)
		control->xcr0 = (struct control_value){ true, cpuid_native_xcr0() };
}

void native_interrupts(struct native_table *table)
{
	__asm__ volatile("sidt %0" : "=m"(*table));
}
