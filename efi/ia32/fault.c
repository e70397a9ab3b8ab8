/* SPDX-License-Identifier: MIT */
#include "fault.h"

/* SDM vol. 3A, figure 6-2. */
uint16_t fault_gate_size(void)
{
	return sizeof(uint64_t);
}

struct gate fault_gate(uintptr_t base, unsigned vector)
{
	return (struct gate){ { ((const uint64_t *)base)[vector], 0 } };
}

uintptr_t fault_address(const EFI_SYSTEM_CONTEXT *context)
{
	return context->SystemContextIa32->Eip;
}

void fault_resume_at(EFI_SYSTEM_CONTEXT *context, uintptr_t address)
{
	context->SystemContextIa32->Eip = (UINT32)address;
}
