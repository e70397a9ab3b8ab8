/* SPDX-License-Identifier: MIT */
#include "fault.h"

/* SDM vol. 3A, figure 6-8. */
uint16_t fault_gate_size(void)
{
	return sizeof(struct gate);
}

struct gate fault_gate(uintptr_t base, unsigned vector)
{
	return ((const struct gate *)base)[vector];
}

uintptr_t fault_address(const EFI_SYSTEM_CONTEXT *context)
{
	return (uintptr_t)context->SystemContextX64->Rip;
}

void fault_resume_at(EFI_SYSTEM_CONTEXT *context, uintptr_t address)
{
	context->SystemContextX64->Rip = address;
}
