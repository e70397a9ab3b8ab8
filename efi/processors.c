/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include "base/text.h"
#include "console.h"
#include "mp.h"
#include "msrs.h"
#include "native.h"

/*
 * A processor takes up to a millisecond for all leaves, about ten in an emulator.  One second is
 * long enough for any that works, and short enough for a machine with a dozen that do not.
 */
#define READ_MICROSECONDS 1000000

#define PROGRESS_EVERY 16

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
	EFI_MP_SERVICES_PROTOCOL *mp;
	UINTN number, self; /* count of processors; number of the boot processor */
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

static void collect(struct reading *a, uint16_t number)
{
	EFI_PROCESSOR_INFORMATION info = { .StatusFlag = 0 };

	if (number == a->self) {
		read_processor(a->slot);
		record(a, number);
		return;
	}
	if (!EFI_ERROR(a->mp->GetProcessorInfo(a->mp, number, &info)) &&
	    !(info.StatusFlag & PROCESSOR_ENABLED_BIT)) {
		report_list_add(a->report, &a->report->disabled, number);
		return;
	}
	a->slot->set.count = 0;
	if (EFI_ERROR(a->mp->StartupThisAP(a->mp, read_processor, number, NULL, READ_MICROSECONDS,
	                                   a->slot, NULL)) ||
	    a->slot->set.count == 0)
		record_silent(a, number);
	else
		record(a, number);
}

static void progress(const struct reading *a, UINTN number)
{
	char buffer[64];
	struct text t;

	if (number % PROGRESS_EVERY != 0 && number != a->number)
		return;
	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rReading CPUID: ");
	text_decimal(&t, number);
	text_put(&t, " of ");
	text_decimal(&t, a->number);
	text_put(&t, " processors");
	if (text_string(&t))
		console_put(a->fw, buffer);
}

/* If the protocol is absent or fails, this processor is the only one. */
static void find(struct reading *a)
{
	EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
	UINTN number, enabled, self;

	a->number = 1;
	a->self = 0;
	if (EFI_ERROR(a->fw->boot->LocateProtocol(&guid, NULL, (void **)&a->mp)))
		return;
	if (EFI_ERROR(a->mp->GetNumberOfProcessors(a->mp, &number, &enabled)) || number == 0 ||
	    EFI_ERROR(a->mp->WhoAmI(a->mp, &self)) || self >= number)
		return;
	a->number = number;
	a->self = self;
}

bool processors_collect(struct report *report, const struct firmware *fw, bool msr)
{
	struct reading a = { .fw = fw, .report = report };
	UINTN number = 0;

	if (!slot_new(&a))
		return false;
	find(&a);
	cpuid_collect(&a.slot->set, native_cpuid, NULL);
	msrs_start(&a.msrs, fw, msr, &a.slot->set);
	a.slot->msrs = a.msrs;
	report_set(report, FIELD_MSR_ACCESS, msrs_access(&a.msrs));
	for (; number < a.number && number <= REPORT_NUMBER_MAX && a.slot; number++) {
		progress(&a, number);
		collect(&a, (uint16_t)number);
	}
	msrs_stop(&a.msrs);
	if (number < a.number)
		report->cut |= CUT_PROCESSORS;
	progress(&a, number);
	console_put(fw, "\n");
	if (a.slot)
		fw->boot->FreePool(a.slot);
	return true;
}
