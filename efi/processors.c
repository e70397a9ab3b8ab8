/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include "base/text.h"
#include "console.h"
#include "mp.h"
#include "msrs.h"
#include "native.h"
#include "report/topology.h"

/*
 * A processor takes up to a millisecond for all leaves, about ten in an emulator.  One second is
 * long enough for any that works, and short enough for a machine with a dozen that do not.
 */
#define READ_MICROSECONDS 1000000

/*
 * What one processor fills in.  A processor that exceeded its time may still read and write later,
 * so its slot is not freed and not used again.  It has all that the processor touches: what is on
 * the stack of the boot processor would be something else by then.
 */
struct slot {
	struct msrs msrs;
	struct control control;
	struct cpuid_set set;
	bool complete;
};

struct reading {
	const struct firmware *fw;
	struct report *report;
	struct alarm *alarm;
	struct mp mp;
	struct slot *slot;
	struct msrs msrs;
};

/* Runs on application processors too, which may not call the firmware. */
static void EFIAPI read_processor(void *argument)
{
	struct slot *slot = argument;

	native_control(&slot->control);
	slot->complete = cpuid_collect(&slot->set, native_cpuid, NULL);
	msrs_read(&slot->msrs, &slot->control, &slot->set);
}

static bool slot_new(struct reading *a)
{
	void *slot;

	if (EFI_ERROR(a->fw->boot->AllocatePool(EfiLoaderData, sizeof(struct slot), &slot)))
		return false;
	a->slot = slot;
	a->slot->msrs = a->msrs;
	return true;
}

static void record(struct reading *a, uint16_t number)
{
	if (!a->slot->complete)
		a->report->cut |= CUT_LEAVES;
	report_add(a->report, number, &a->slot->control, &a->slot->set);
}

static void record_silent(struct reading *a, uint16_t number)
{
	report_list_add(a->report, &a->report->silent, number);
	if (!slot_new(a))
		a->slot = NULL;
}

static bool is_disabled(const struct reading *a, uint16_t number)
{
	EFI_PROCESSOR_INFORMATION info = { .StatusFlag = 0 };

	return !EFI_ERROR(a->mp.services->GetProcessorInfo(a->mp.services, number, &info)) &&
	       !(info.StatusFlag & PROCESSOR_ENABLED_BIT);
}

static void ask_other(struct reading *a, uint16_t number)
{
	EFI_STATUS status;

	if (is_disabled(a, number)) {
		report_list_add(a->report, &a->report->disabled, number);
		return;
	}
	a->slot->set.count = 0;
	alarm_start(a->alarm, ALARM_SECONDS);
	status = a->mp.services->StartupThisAP(a->mp.services, read_processor, number, NULL,
	                                       READ_MICROSECONDS, a->slot, NULL);
	alarm_stop(a->alarm);
	if (EFI_ERROR(status) || a->slot->set.count == 0)
		record_silent(a, number);
	else
		record(a, number);
}

static void ask_self(struct reading *a)
{
	read_processor(a->slot);
	record(a, (uint16_t)a->mp.self);
}

/* Shown before a processor is asked: if the firmware hangs then, this names the processor. */
static void progress(const struct reading *a, UINTN number)
{
	char buffer[64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rReading CPUID: processor ");
	text_decimal(&t, number);
	text_put(&t, " of 0-");
	text_decimal(&t, a->mp.number - 1);
	text_string(&t);
	console_put(a->fw, buffer);
}

static void progress_end(const struct reading *a, UINTN number)
{
	char buffer[64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rReading CPUID: ");
	text_decimal(&t, number);
	text_put(&t, " of ");
	text_decimal(&t, a->mp.number);
	text_put(&t, " processors    \n");
	text_string(&t);
	console_put(a->fw, buffer);
}

static void ask_all(struct reading *a)
{
	UINTN number = 0;

	for (; number < a->mp.number && number <= REPORT_NUMBER_MAX && a->slot; number++) {
		progress(a, number);
		if (number == a->mp.self)
			ask_self(a);
		else
			ask_other(a, (uint16_t)number);
	}
	if (number < a->mp.number)
		a->report->cut |= CUT_PROCESSORS;
	progress_end(a, number);
}

const char *processors_find(struct mp *mp, const struct firmware *fw)
{
	EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
	UINTN number, enabled, self;

	*mp = (struct mp){ .number = 1 };
	if (EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, (void **)&mp->services)))
		return "no MP services";
	if (EFI_ERROR(mp->services->GetNumberOfProcessors(mp->services, &number, &enabled)) ||
	    number == 0 || EFI_ERROR(mp->services->WhoAmI(mp->services, &self)) || self >= number)
		return "MP services fail";
	mp->number = number;
	mp->self = self;
	return NULL;
}

static bool collect(struct reading *a, bool msr, bool all)
{
	if (!slot_new(a))
		return false;
	report_forget_processors(a->report);
	cpuid_collect(&a->slot->set, native_cpuid, NULL);
	if (topology_told(&a->slot->set))
		report_set_decimal(a->report, FIELD_PROCESSORS_CPUID, topology_told(&a->slot->set));
	msrs_start(&a->msrs, a->fw, msr, &a->slot->set);
	a->slot->msrs = a->msrs;
	report_set(a->report, FIELD_MSR_ACCESS, msrs_access(&a->msrs));
	if (all)
		ask_all(a);
	else
		ask_self(a);
	msrs_stop(&a->msrs);
	if (a->slot)
		a->fw->boot->FreePool(a->slot);
	return true;
}

bool processors_collect_boot(struct report *report, const struct firmware *fw, const struct mp *mp,
                             bool msr)
{
	struct reading a = { .fw = fw, .report = report, .mp = *mp };

	return collect(&a, msr, false);
}

bool processors_collect_all(struct report *report, const struct firmware *fw, const struct mp *mp,
                            bool msr, struct alarm *alarm)
{
	struct reading a = { .fw = fw, .report = report, .mp = *mp, .alarm = alarm };

	return collect(&a, msr, true);
}
