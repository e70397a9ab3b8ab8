/* SPDX-License-Identifier: MIT */
/*
 * timed.c - linked with the probe, says when its steps begin and end, for scripts/bench-boot.
 *
 * The linker sends calls of the probe's steps here (--wrap, in efi.mk), so that the probe itself
 * has nothing for it.
 */
#include "mark.h"

#include "console.h"
#include "delivery.h"
#include "files.h"
#include "judge.h"
#include "machine.h"
#include "menu.h"
#include "msrs.h"
#include "power.h"
#include "processors.h"
#include "screen.h"
#include "sealing.h"
#include "settings.h"
#include "store.h"

/* A step that returns a value, and one that does not: their types are the headers'. */
#define STEP(name, type, parameters, arguments)              \
	__typeof__(name) __real_##name, __wrap_##name;       \
	type __wrap_##name parameters                        \
	{                                                    \
		mark(#name " begins ");                      \
		const type result = __real_##name arguments; \
		mark(#name " ends ");                        \
		return result;                               \
	}
#define STEP_VOID(name, parameters, arguments)         \
	__typeof__(name) __real_##name, __wrap_##name; \
	void __wrap_##name parameters                  \
	{                                              \
		mark(#name " begins ");                \
		__real_##name arguments;               \
		mark(#name " ends ");                  \
	}

STEP(volume_open, EFI_STATUS, (struct volume * v, const struct firmware *fw), (v, fw))
STEP(volume_reopen, EFI_STATUS, (struct volume * v, const struct firmware *fw), (v, fw))
STEP_VOID(settings_read, (struct config * c, struct text *rows, const struct beside *from),
          (c, rows, from))
STEP_VOID(machine_identify, (struct report * r, const struct firmware *fw), (r, fw))
STEP(processors_collect_boot, bool,
     (struct report * r, const struct firmware *fw, const struct mp *mp, bool msr),
     (r, fw, mp, msr))
STEP(processors_collect_all, bool,
     (struct report * r, const struct firmware *fw, const struct mp *mp, bool msr,
      struct alarm *alarm),
     (r, fw, mp, msr, alarm))
STEP(sealing_write, bool,
     (struct text * seal, struct seal_public *public, char *key, char *why,
      const struct beside *from, const struct text *report, const char *comment),
     (seal, public, key, why, from, report, comment))
STEP(store_put, EFI_STATUS,
     (const struct volume *stick, uint32_t number, const char *name, const struct text *report,
      const struct text *seal, bool *ret_renamed),
     (stick, number, name, report, seal, ret_renamed))
STEP(store_beside, EFI_STATUS,
     (const struct volume *stick, uint32_t number, const char *name, const char *ending,
      const struct text *text),
     (stick, number, name, ending, text))
STEP(store_compare, EFI_STATUS,
     (const struct volume *stick, const char *name, const struct text *report,
      const struct text *seal),
     (stick, name, report, seal))
STEP(judge, enum judgement,
     (struct judging * j, struct text *verdict, const struct report *report, uint32_t sequence,
      const struct firmware *fw, const struct volume *stick, const struct seal_public *key),
     (j, verdict, report, sequence, fw, stick, key))
STEP_VOID(delivery_forms, (struct probe * p), (p))
STEP_VOID(delivery_attest, (struct probe * p), (p))
STEP_VOID(screen_summary, (const struct probe *p), (p))
STEP(menu_ask, enum choice, (struct alarm * alarm, const struct config *config), (alarm, config))

STEP(directory_each, EFI_STATUS,
     (const struct volume *v, const char *path, directory_entry *each, void *ctx),
     (v, path, each, ctx))
STEP_VOID(report_write, (struct text * t, const struct report *r), (t, r))

/* The other processors read at the same time, so their marks would be mixed up. */
static bool on_boot_processor(void)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0x1b)); /* IA32_APIC_BASE */
	return low & 1U << 8;
}

__typeof__(msrs_read) __real_msrs_read, __wrap_msrs_read;
void __wrap_msrs_read(const struct msrs *m, struct control *control, const struct cpuid_set *set)
{
	const bool marks = on_boot_processor();

	if (marks)
		mark("msrs_read begins ");
	__real_msrs_read(m, control, set);
	if (marks)
		mark("msrs_read ends ");
}

/* Services of the firmware, which the probe calls by these tables. */
/* NOLINTBEGIN(bugprone-macro-parentheses): names, and lists of parameters */
#define SERVICE(name, parameters, arguments)                     \
	static EFI_STATUS(EFIAPI *name##_well) parameters;       \
	static EFI_STATUS EFIAPI name parameters                 \
	{                                                        \
		mark(#name " begins ");                          \
		const EFI_STATUS status = name##_well arguments; \
		mark(#name " ends ");                            \
		return status;                                   \
	}
#define TAKE(table, name) (name##_well = (table)->name, (table)->name = name)
/* NOLINTEND(bugprone-macro-parentheses) */

SERVICE(OutputString, (SIMPLE_TEXT_OUTPUT_INTERFACE * out, CHAR16 *string), (out, string))
SERVICE(ClearScreen, (SIMPLE_TEXT_OUTPUT_INTERFACE * out), (out))
SERVICE(SetAttribute, (SIMPLE_TEXT_OUTPUT_INTERFACE * out, UINTN attribute), (out, attribute))

/* The first step of all. */
__typeof__(console_start) __real_console_start, __wrap_console_start;
void __wrap_console_start(const struct firmware *fw)
{
	if (!OutputString_well) {
		TAKE(fw->table->ConOut, OutputString);
		TAKE(fw->table->ConOut, ClearScreen);
		TAKE(fw->table->ConOut, SetAttribute);
	}
	mark("console_start begins ");
	__real_console_start(fw);
	mark("console_start ends ");
}

__typeof__(power_do) __real_power_do, __wrap_power_do;
void __wrap_power_do(const struct firmware *fw, enum choice choice)
{
	mark("probe ends ");
	__real_power_do(fw, choice);
}

/* The entry point.  Nothing is unpacked yet, so that there are no constants but small ones. */
EFI_STATUS EFIAPI probe_start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);
EFI_STATUS EFIAPI timed_start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

EFI_STATUS EFIAPI timed_start(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	mark_time();
	return probe_start(image, table);
}
