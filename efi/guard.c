/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include "cpu_arch.h"
#include "fault.h"
#include "native.h"

#define GENERAL_PROTECTION 13

static EFI_CPU_ARCH_PROTOCOL *cpu;

/* The boot processor's gate for general-protection faults, once the handler is installed. */
static struct gate boot_gate;

/*
 * The instruction that may fault, and where the program continues after a fault.  A test replaces
 * the instruction.
 */
extern const char guard_instruction[], guard_recovery[];

/*
 * Returns the gate for general-protection faults of the processor that executes this, zeros if it
 * has none.  EDK2 gives application processors a table of their own with the same gates.
 */
static struct gate gate_here(void)
{
	struct native_table table;

	native_interrupts(&table);
	if (table.limit < (GENERAL_PROTECTION + 1) * fault_gate_size() - 1)
		return (struct gate){ { 0, 0 } };
	return fault_gate(table.base, GENERAL_PROTECTION);
}

/*
 * A fault at any other instruction is the firmware's: the handler removes itself, and the
 * instruction faults again.
 */
static void EFIAPI on_fault(EFI_EXCEPTION_TYPE type, EFI_SYSTEM_CONTEXT context)
{
	if (fault_address(&context) == (uintptr_t)guard_instruction)
		fault_resume_at(&context, (uintptr_t)guard_recovery);
	else
		cpu->RegisterInterruptHandler(cpu, type, NULL);
}

bool guard_start(const struct firmware *fw)
{
	EFI_GUID guid = EFI_CPU_ARCH_PROTOCOL_GUID;

	if (EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, (void **)&cpu)))
		return false;
	if (EFI_ERROR(cpu->RegisterInterruptHandler(cpu, GENERAL_PROTECTION, on_fault)))
		return false;
	boot_gate = gate_here();
	return true;
}

void guard_stop(void)
{
	cpu->RegisterInterruptHandler(cpu, GENERAL_PROTECTION, NULL);
}

bool guard_covers(void)
{
	const struct gate here = gate_here();

	return here.part[0] == boot_gate.part[0] && here.part[1] == boot_gate.part[1];
}

/* Never inlined: each of the two labels must exist exactly once. */
__attribute__((noinline)) bool guard_rdmsr(uint32_t number, uint64_t *ret_value)
{
	uint32_t low = 0, high = 0, fault = 1;

	__asm__ volatile(".globl guard_instruction\n"
	                 "guard_instruction:\n\t"
	                 "rdmsr\n\t"
	                 "movl $0, %2\n"
	                 "guard_recovery:"
	                 : "+a"(low), "+d"(high), "+r"(fault)
	                 : "c"(number));
	*ret_value = (uint64_t)high << 32 | low;
	return !fault;
}
