/* SPDX-License-Identifier: MIT */
/*
 * Processors that are recorded ones: CPUID and control registers are looked up, and RDMSR, which
 * this process may not execute, is answered where it faults.
 */
#include "posed.h"

#include "cpu_arch.h"
#include "fault.h"
#include "mp.h"
#include "native.h"
#include "report/report.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#define DISABLED 2 /* a third processor, if there is one */

extern const char guard_instruction[];

static struct report machines[POSED_RECORDED], *recorded;
static unsigned processors, current;
static size_t asked_who; /* calls of WhoAmI by application processors */
static bool same_number; /* which all get the same answer */
static EFI_EXCEPTION_CALLBACK handler;
static struct sigaction others; /* who handles faults otherwise */
static struct posed_patches patches;

static const struct report_kind *kind(void)
{
	return &recorded->kind[current % recorded->kinds];
}

bool posed_processor_load(unsigned machine, const char *path)
{
	static char text[REPORT_TEXT_MAX];
	FILE *file = fopen(path, "rb");
	struct where where;
	size_t size;

	if (!file)
		return false;
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	return report_read(&machines[machine], text, size, &where) == ERR_NONE &&
	       machines[machine].kinds > 0;
}

void posed_processor_of(unsigned machine)
{
	recorded = &machines[machine];
}

/* The APIC ID of leaf 1 is the processor's own. */
void native_cpuid(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	const struct cpuid_leaf *found = cpuid_find(&kind()->set, leaf, subleaf);

	(void)ctx;
	for (unsigned i = 0; i < CPUID_REGS; i++)
		reg[i] = found ? found->reg[i] : 0;
	if (leaf == 1)
		reg[EBX] = (reg[EBX] & 0xffffff) | current << 24;
	if (patches.cpuid)
		patches.cpuid(current, leaf, subleaf, reg);
}

void native_control(struct control *control)
{
	*control = (struct control){ .cr4 = kind()->control.cr4, .xcr0 = kind()->control.xcr0 };
}

/* All processors have one table of interrupts with one gate, but for patches. */
void native_interrupts(struct native_table *table)
{
	*table = (struct native_table){ patches.few_gates ? 15 : 4095, 0 };
}

struct gate __wrap_fault_gate(uintptr_t base, unsigned vector);
struct gate __wrap_fault_gate(uintptr_t base, unsigned vector)
{
	(void)base, (void)vector;
	return (struct gate){ { 1, patches.other_gates ? current : 2 } };
}

static bool msr_find(uint32_t number, uint64_t *ret_value)
{
	const struct control *c = &kind()->control;

	if (patches.msr && patches.msr(current, number, ret_value))
		return true;
	for (size_t i = 0; i < c->msrs; i++) {
		if (c->msr[i].number != number || !c->msr[i].value.known)
			continue;
		*ret_value = c->msr[i].value.value;
		return true;
	}
	*ret_value = c->microcode.value << 32;
	return number == 0x8b && c->microcode.known;
}

/* RDMSR faults in a process: a register that is there is read, of others the firmware is told. */
static void on_signal(int number, siginfo_t *info, void *context)
{
	greg_t *reg = ((ucontext_t *)context)->uc_mcontext.gregs;
	EFI_SYSTEM_CONTEXT_X64 x64 = { .Rip = (UINT64)reg[REG_RIP] };
	uint64_t value;

	(void)info;
	/* Any other fault is the sanitizer's to tell of, when it comes again. */
	if (reg[REG_RIP] != (greg_t)(uintptr_t)guard_instruction || !handler) {
		sigaction(number, &others, NULL);
		return;
	}
	if (msr_find((uint32_t)reg[REG_RCX], &value)) {
		reg[REG_RAX] = (greg_t)(value & UINT32_MAX);
		reg[REG_RDX] = (greg_t)(value >> 32);
		reg[REG_RIP] += 2;
		return;
	}
	handler(13, (EFI_SYSTEM_CONTEXT){ .SystemContextX64 = &x64 });
	reg[REG_RIP] = (greg_t)x64.Rip;
}

static EFI_STATUS EFIAPI register_handler(EFI_CPU_ARCH_PROTOCOL *self, EFI_EXCEPTION_TYPE type,
                                          EFI_EXCEPTION_CALLBACK function)
{
	const EFI_STATUS status = posed_call(SERVICE_RegisterInterruptHandler);

	(void)self;
	if (type != 13)
		posed_wrong("a handler for something else");
	/* Nothing can be done where it cannot be taken away: it is, whatever is returned. */
	if (!function)
		handler = NULL;
	if (EFI_ERROR(status))
		return status;
	if (function && handler)
		return EFI_ALREADY_STARTED;
	handler = function;
	return EFI_SUCCESS;
}

/* A fault that is the firmware's own: the handler takes itself away, and changes nothing. */
void posed_fault_elsewhere(void)
{
	EFI_SYSTEM_CONTEXT_X64 x64 = { .Rip = 0x1234 };
	const EFI_EXCEPTION_CALLBACK before = handler;

	if (!before)
		return;
	before(13, (EFI_SYSTEM_CONTEXT){ .SystemContextX64 = &x64 });
	if (handler || x64.Rip != 0x1234)
		posed_wrong("a fault of the firmware's is handled");
	handler = before;
}

bool posed_handler_left(void)
{
	return handler != NULL;
}

static EFI_STATUS EFIAPI get_number(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number, UINTN *enabled)
{
	const EFI_STATUS status = posed_call(SERVICE_GetNumberOfProcessors);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	*number = processors;
	*enabled = processors > DISABLED ? processors - 1 : processors;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI get_info(EFI_MP_SERVICES_PROTOCOL *self, UINTN number,
                                  EFI_PROCESSOR_INFORMATION *info)
{
	const EFI_STATUS status = posed_call(SERVICE_GetProcessorInfo);

	(void)self;
	if (EFI_ERROR(status))
		return status;
	memset(info, 0, sizeof(*info));
	info->StatusFlag = number == DISABLED ? 0 : PROCESSOR_ENABLED_BIT;
	return EFI_SUCCESS;
}

static void run_on(unsigned number, EFI_AP_PROCEDURE procedure, void *argument)
{
	const size_t before = posed_calls() - asked_who;

	current = number;
	procedure(argument);
	current = 0;
	if (posed_calls() - asked_who != before)
		posed_wrong("an application processor calls the firmware");
}

static EFI_STATUS EFIAPI startup_this(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                      UINTN number, EFI_EVENT event, UINTN microseconds,
                                      void *argument, BOOLEAN *finished)
{
	const EFI_STATUS status = posed_call(SERVICE_StartupThisAP);

	(void)self, (void)event, (void)finished;
	if (EFI_ERROR(status)) {
		posed_pool_may_stay();
		return status;
	}
	if (number >= processors || number == 0 || microseconds == 0)
		posed_wrong("a processor is started that cannot be");
	/* PI 1.7A, volume 2, 13.4.4: a processor that is disabled. */
	if (number == DISABLED) {
		posed_pool_may_stay();
		return EFI_INVALID_PARAMETER;
	}
	run_on((unsigned)number, procedure, argument);
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI startup_all(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                     BOOLEAN single, EFI_EVENT event, UINTN microseconds,
                                     void *argument, UINTN **failed)
{
	const EFI_STATUS status = posed_call(SERVICE_StartupAllAPs);

	(void)self, (void)failed;
	if (status == EFI_TIMEOUT)
		posed_pool_may_stay();
	if (EFI_ERROR(status))
		return status;
	if (single || event || microseconds == 0)
		posed_wrong("processors are not started at once");
	for (unsigned number = 1; number < processors; number++)
		if (number != DISABLED)
			run_on(number, procedure, argument);
	return EFI_SUCCESS;
}

/* PI 1.7A, volume 2, 13.4.8: application processors may call this. */
static EFI_STATUS EFIAPI who_am_i(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number)
{
	const EFI_STATUS status = posed_call(SERVICE_WhoAmI);

	(void)self;
	asked_who += current > 0;
	if (!EFI_ERROR(status))
		*number = same_number && current ? 1 : current;
	return status;
}

void posed_processor_start(unsigned number)
{
	struct sigaction action = { .sa_sigaction = on_signal,
		                    .sa_flags = SA_SIGINFO | SA_NODEFER };
	static bool handling;

	posed_processor_of(0);
	processors = number;
	current = 0;
	asked_who = 0;
	same_number = false;
	patches = (struct posed_patches){ .cpuid = NULL };
	handler = NULL;
	if (!handling)
		sigaction(SIGSEGV, &action, &others);
	handling = true;
}

void posed_processor_same_number(void)
{
	same_number = true;
}

void posed_processor_patch(const struct posed_patches *p)
{
	patches = *p;
}

void posed_processor_install(void)
{
	static EFI_CPU_ARCH_PROTOCOL cpu = { .RegisterInterruptHandler = register_handler };
	static EFI_MP_SERVICES_PROTOCOL mp = {
		.GetNumberOfProcessors = get_number,
		.GetProcessorInfo = get_info,
		.StartupAllAPs = startup_all,
		.StartupThisAP = startup_this,
		.WhoAmI = who_am_i,
	};
	const EFI_GUID cpu_guid = EFI_CPU_ARCH_PROTOCOL_GUID,
		       mp_guid = EFI_MP_SERVICES_PROTOCOL_GUID;

	posed_install(NULL, &cpu_guid, &cpu);
	posed_install(NULL, &mp_guid, &mp);
}
