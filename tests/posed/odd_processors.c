/* SPDX-License-Identifier: MIT */
#include "odd.h"

#include "cpuid/cpuid.h"
#include "mp.h"
#include "scenario.h"

#include <string.h>

static void patch(const struct posed_patches *patches)
{
	posed_processor_patch(patches);
	posed_processor_install();
}

/* More than a report has room for. */
void odd_many(void)
{
	posed_processor_install();
}

/* Every leaf up to a high one has subleaves without end. */
static void endless(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4])
{
	(void)processor;
	if (leaf == 0)
		reg[EAX] = 0xff;
	else if (leaf > 0x20 && leaf <= 0xff)
		reg[EDX] = subleaf + 1;
}

void odd_endless(void)
{
	patch(&(struct posed_patches){ .cpuid = endless });
}

static void no_hypervisor(uint32_t leaf, uint32_t reg[4])
{
	if (leaf == 1)
		reg[ECX] &= ~(UINT32_C(1) << 31);
}

/* SDM vol. 4, IA32_MISC_ENABLE[22]: leaf 0 says 2.  Without leaves of levels, HTT and long mode. */
static void limited(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4])
{
	(void)processor, (void)subleaf;
	no_hypervisor(leaf, reg);
	if (leaf == 0)
		reg[EAX] = 2;
	if (leaf == 1)
		reg[EDX] &= ~(UINT32_C(1) << 28);
	if (leaf == 0x80000001)
		reg[EDX] &= ~(UINT32_C(1) << 29);
}

static bool limit_register(unsigned processor, uint32_t number, uint64_t *ret_value)
{
	(void)processor;
	*ret_value = UINT64_C(1) << 22;
	return number == 0x1a0;
}

void odd_limited(void)
{
	patch(&(struct posed_patches){ .cpuid = limited, .msr = limit_register });
}

/* A processor of AMD's whose name begins with blanks, with bits that no manual names. */
static void blank(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4])
{
	(void)processor, (void)subleaf;
	no_hypervisor(leaf, reg);
	if (leaf == 0) {
		memcpy(&reg[EBX], "Auth", 4);
		memcpy(&reg[EDX], "enti", 4);
		memcpy(&reg[ECX], "cAMD", 4);
	} else if (leaf == 0x80000002) {
		memcpy(reg, "  A name of AMD.", 16);
	} else if (leaf == 0x80000001) {
		reg[EDX] = UINT32_C(1) << 10;
	}
}

void odd_blank(void)
{
	patch(&(struct posed_patches){ .cpuid = blank });
}

static void bare_metal(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4])
{
	(void)processor, (void)subleaf;
	no_hypervisor(leaf, reg);
}

/* IA32_FEATURE_CONTROL is locked without VMX; others have no microcode's revision. */
static bool locked_register(unsigned processor, uint32_t number, uint64_t *ret_value)
{
	*ret_value = number == 0x8b ? UINT64_C(0x2a) << 32 : 1;
	return (number == 0x8b || number == 0x3a) && processor == 0;
}

void odd_switched_off(void)
{
	patch(&(struct posed_patches){ .cpuid = bare_metal, .msr = locked_register });
}

/* The other processors' fault goes elsewhere: their registers are not read. */
void odd_other_gates(void)
{
	patch(&(struct posed_patches){ .msr = locked_register, .other_gates = true });
}

void odd_few_gates(void)
{
	patch(&(struct posed_patches){ .few_gates = true });
}

static void fault(unsigned processor, uint32_t leaf, uint32_t subleaf, uint32_t reg[4])
{
	(void)leaf, (void)subleaf, (void)reg;
	if (processor == 0)
		posed_fault_elsewhere();
}

void odd_firmware_faults(void)
{
	patch(&(struct posed_patches){ .cpuid = fault });
}

static UINTN numbers;

static EFI_STATUS EFIAPI some(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number, UINTN *enabled)
{
	(void)self;
	*number = *enabled = numbers;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI info_of(EFI_MP_SERVICES_PROTOCOL *self, UINTN number,
                                 EFI_PROCESSOR_INFORMATION *info)
{
	(void)self, (void)number;
	info->StatusFlag = PROCESSOR_ENABLED_BIT;
	return EFI_SUCCESS;
}

/* Success, and the procedure never runs. */
static EFI_STATUS EFIAPI none_at_once(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                      BOOLEAN single, EFI_EVENT event, UINTN microseconds,
                                      void *argument, UINTN **failed)
{
	(void)self, (void)procedure, (void)single, (void)event, (void)microseconds;
	(void)argument, (void)failed;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI none_alone(EFI_MP_SERVICES_PROTOCOL *self, EFI_AP_PROCEDURE procedure,
                                    UINTN number, EFI_EVENT event, UINTN microseconds,
                                    void *argument, BOOLEAN *finished)
{
	(void)self, (void)procedure, (void)number, (void)event, (void)microseconds;
	(void)argument, (void)finished;
	posed_pool_may_stay();
	return EFI_SUCCESS;
}

static UINTN who;

static EFI_STATUS EFIAPI who_am_i(EFI_MP_SERVICES_PROTOCOL *self, UINTN *number)
{
	(void)self;
	*number = who;
	/* The next time there is no processor at all. */
	if (who)
		numbers = 0;
	return EFI_SUCCESS;
}

static void use_services(void)
{
	static EFI_MP_SERVICES_PROTOCOL mp = {
		.GetNumberOfProcessors = some,
		.GetProcessorInfo = info_of,
		.StartupAllAPs = none_at_once,
		.StartupThisAP = none_alone,
		.WhoAmI = who_am_i,
	};
	const EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;

	posed_install(NULL, &guid, &mp);
}

void odd_silent(void)
{
	numbers = 3;
	who = 0;
	use_services();
}

/* The boot processor has a number that there is not. */
void odd_mp_numbers(void)
{
	numbers = 2;
	who = 2;
	use_services();
}
