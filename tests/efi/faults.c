/* SPDX-License-Identifier: MIT */
/*
 * Replaces efi/main.c to test efi/guard.c.  In QEMU's emulation RDMSR never faults, so RDMSR is
 * replaced by an instruction that loads DS from CX, which faults if CX is not a selector.  The last
 * fault is at another instruction, and the firmware must report it.
 */
#include "base/text.h"
#include "console.h"
#include "guard.h"
#include "mp.h"

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

#define NO_SELECTOR 0xfff8U

extern char guard_instruction[];

struct result {
	bool covered, reads, catches, goes_on;
};

static uint16_t get_ds(void)
{
	uint16_t ds;

	__asm__ volatile("mov %%ds, %0" : "=r"(ds));
	return ds;
}

static void set_ds(uint16_t ds)
{
	__asm__ volatile("mov %0, %%ds" : : "r"(ds));
}

static void EFIAPI try(void *argument)
{
	static const char rdmsr[] = { 0x0f, 0x32 }, mov_ds_cx[] = { (char)0x8e, (char)0xd9 };
	volatile char *code = guard_instruction;
	struct result *r = argument;
	const uint16_t ds = get_ds();
	uint64_t value;

	r->covered = guard_covers();
	if (!r->covered)
		return;
	r->reads = guard_rdmsr(0x1b, &value) && (value & 0x800);
	for (unsigned i = 0; i < sizeof(rdmsr); i++)
		code[i] = mov_ds_cx[i];
	r->catches = !guard_rdmsr(NO_SELECTOR, &value) && !guard_rdmsr(NO_SELECTOR, &value);
	r->goes_on = guard_rdmsr(ds, &value);
	for (unsigned i = 0; i < sizeof(rdmsr); i++)
		code[i] = rdmsr[i];
	set_ds(ds);
}

static bool passed(const struct result *r)
{
	return r->covered && r->reads && r->catches && r->goes_on;
}

static void say(const struct firmware *fw, UINTN passes, UINTN processors)
{
	char buffer[80];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "guarded on ");
	text_decimal(&t, passes);
	text_put(&t, " of ");
	text_decimal(&t, processors);
	text_put(&t, " processors\n");
	console_put(fw, text_string(&t));
}

static void try_all(const struct firmware *fw)
{
	EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
	EFI_MP_SERVICES_PROTOCOL *mp;
	UINTN processors, enabled, self, passes = 0;

	if (EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, (void **)&mp)) ||
	    EFI_ERROR(mp->GetNumberOfProcessors(mp, &processors, &enabled)) ||
	    EFI_ERROR(mp->WhoAmI(mp, &self))) {
		console_put(fw, "no MP services\n");
		return;
	}
	for (UINTN i = 0; i < processors; i++) {
		struct result r = { .covered = false };

		if (i == self)
			try(&r);
		else
			mp->StartupThisAP(mp, try, i, NULL, 1000000, &r, NULL);
		passes += passed(&r);
	}
	say(fw, passes, processors);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	const struct firmware fw = { image, table, table->BootServices };

	console_start(&fw);
	console_put(&fw, guard_start(&fw) ? "guard on\n" : "no guard\n");
	console_put(&fw, guard_start(&fw) ? "twice\n" : "not twice\n");
	try_all(&fw);
	guard_stop();
	console_put(&fw, guard_start(&fw) ? "on again\n" : "not on again\n");
	console_put(&fw, "a fault that is not the guard's\n");
	set_ds(NO_SELECTOR);
	console_put(&fw, "nobody noticed\n");
	return EFI_SUCCESS;
}
