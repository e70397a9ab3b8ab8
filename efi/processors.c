/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include "base/text.h"
#include "console.h"
#include "mp.h"
#include "msrs.h"
#include "native.h"
#include "pages.h"
#include "report/topology.h"

/*
 * A processor takes up to a millisecond for all leaves, about ten in an emulator.  One second is
 * long enough for any that works, and short enough for a machine with a dozen that do not.  In an
 * emulator, processors at the same time wait for each other.
 */
#define READ_MICROSECONDS 1000000
#define EACH_MICROSECONDS 50000
#define MOST_MICROSECONDS 30000000

/*
 * What one processor fills in.  A processor that exceeded its time may still read and write later,
 * so its slot is not freed.  The table has all that the processors touch: what is on the stack of
 * the boot processor would be something else by then.
 */
struct slot {
	const struct table *table;
	uint32_t claims; /* so many processors say that they are this one */
	bool done, complete;
	struct control control;
	struct cpuid_set set;
};

struct table {
	EFI_MP_SERVICES_PROTOCOL *services;
	struct msrs msrs;
	struct slot self; /* the boot processor's */
	UINTN slots;
	struct slot slot[]; /* of the others, by number */
};

struct reading {
	const struct firmware *fw;
	struct report *report;
	struct alarm *alarm;
	struct mp mp;
	struct table *table;
	bool late; /* a processor may still read */
};

/* Runs on application processors too, which may not call the firmware. */
static void EFIAPI read_processor(void *argument)
{
	struct slot *slot = argument;

	native_control(&slot->control);
	slot->complete = cpuid_collect(&slot->set, native_cpuid, NULL);
	msrs_read(&slot->table->msrs, &slot->control, &slot->set);
	__atomic_store_n(&slot->done, true, __ATOMIC_RELEASE);
}

/*
 * Runs on all application processors at once.  PI 1.7A, volume 2, 13.4.8: they may call WhoAmI.  If
 * two have the same number, the first to come fills in the slot, and neither counts.
 */
static void EFIAPI read_this(void *argument)
{
	struct table *table = argument;
	UINTN number;

	if (EFI_ERROR(table->services->WhoAmI(table->services, &number)) || number >= table->slots)
		return;
	if (__atomic_fetch_add(&table->slot[number].claims, 1, __ATOMIC_ACQ_REL) == 0)
		read_processor(&table->slot[number]);
}

static size_t table_size(UINTN slots)
{
	return sizeof(struct table) + slots * sizeof(struct slot);
}

static void slot_start(struct slot *slot, const struct table *table)
{
	slot->table = table;
	slot->claims = 0;
	slot->done = false;
}

static bool table_new(struct reading *a, UINTN slots)
{
	struct table *table = pages_take(a->fw, table_size(slots));

	a->table = table;
	if (!table)
		return false;
	table->services = a->mp.services;
	table->slots = slots;
	slot_start(&table->self, table);
	for (UINTN i = 0; i < slots; i++)
		slot_start(&table->slot[i], table);
	return true;
}

static void table_free(struct reading *a)
{
	if (!a->late)
		pages_give(a->fw, a->table, table_size(a->table->slots));
}

static void record(struct reading *a, uint16_t number, const struct slot *slot)
{
	if (!slot->complete)
		a->report->cut |= CUT_LEAVES;
	report_add(a->report, number, &slot->control, &slot->set);
}

static bool is_disabled(const struct reading *a, uint16_t number)
{
	EFI_PROCESSOR_INFORMATION info = { .StatusFlag = 0 };

	return !EFI_ERROR(a->mp.services->GetProcessorInfo(a->mp.services, number, &info)) &&
	       !(info.StatusFlag & PROCESSOR_ENABLED_BIT);
}

static void say(const struct reading *a, const char *before, UINTN number, const char *between,
                UINTN of, const char *after)
{
	char buffer[64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rReading CPUID: ");
	text_put(&t, before);
	text_decimal(&t, number);
	text_put(&t, between);
	text_decimal(&t, of);
	text_put(&t, after);
	console_put(a->fw, text_string(&t));
}

/* Asks a processor alone. */
static void ask_alone(struct reading *a, uint16_t number)
{
	struct slot *slot = &a->table->slot[number];
	EFI_STATUS status;

	/* If the firmware hangs, this names the processor. */
	say(a, "processor ", number, " of 0-", a->mp.number - 1, "");
	if (is_disabled(a, number)) {
		report_list_add(a->report, &a->report->disabled, number);
		return;
	}
	slot->set.count = 0;
	alarm_start(a->alarm, ALARM_SECONDS);
	status = a->mp.services->StartupThisAP(a->mp.services, read_processor, number, NULL,
	                                       READ_MICROSECONDS, slot, NULL);
	alarm_stop(a->alarm);
	if (EFI_ERROR(status) || slot->set.count == 0) {
		report_list_add(a->report, &a->report->silent, number);
		a->late = true;
	} else {
		record(a, number, slot);
	}
}

/*
 * Asks all others at once, because firmware waits each time that it starts processors: EDK2 for
 * ten milliseconds.  Those that have not read then are asked alone, whatever the firmware returns.
 */
static void ask_at_once(struct reading *a)
{
	const UINTN time = READ_MICROSECONDS + a->mp.number * EACH_MICROSECONDS;
	EFI_STATUS status;

	if (a->mp.number == 1)
		return;
	console_put(a->fw, "\rReading CPUID: all processors");
	alarm_start(a->alarm, ALARM_SECONDS);
	status = a->mp.services->StartupAllAPs(a->mp.services, read_this, FALSE, NULL,
	                                       time < MOST_MICROSECONDS ? time : MOST_MICROSECONDS,
	                                       a->table, NULL);
	alarm_stop(a->alarm);
	a->late = status == EFI_TIMEOUT;
}

static bool has_read(const struct slot *slot)
{
	return __atomic_load_n(&slot->done, __ATOMIC_ACQUIRE) && slot->set.count > 0 &&
	       __atomic_load_n(&slot->claims, __ATOMIC_ACQUIRE) == 1;
}

static void ask_self(struct reading *a)
{
	read_processor(&a->table->self);
	record(a, (uint16_t)a->mp.self, &a->table->self);
}

static void ask_all(struct reading *a)
{
	ask_at_once(a);
	for (UINTN number = 0; number < a->table->slots; number++) {
		if (number == a->mp.self)
			ask_self(a);
		else if (has_read(&a->table->slot[number]))
			record(a, (uint16_t)number, &a->table->slot[number]);
		else
			ask_alone(a, (uint16_t)number);
	}
	if (a->table->slots < a->mp.number)
		a->report->cut |= CUT_PROCESSORS;
	say(a, "", a->table->slots, " of ", a->mp.number, " processors    \n");
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

/* Reads what the others need to know from the boot processor. */
static bool start(struct reading *a, bool msr, UINTN slots)
{
	struct slot *self;

	if (!table_new(a, slots))
		return false;
	self = &a->table->self;
	report_forget_processors(a->report);
	cpuid_collect(&self->set, native_cpuid, NULL);
	if (topology_told(&self->set))
		report_set_decimal(a->report, FIELD_PROCESSORS_CPUID, topology_told(&self->set));
	msrs_start(&a->table->msrs, a->fw, msr, &self->set);
	report_set(a->report, FIELD_MSR_ACCESS, msrs_access(&a->table->msrs));
	return true;
}

static void end(struct reading *a)
{
	msrs_stop(&a->table->msrs);
	table_free(a);
}

bool processors_collect_boot(struct report *report, const struct firmware *fw, const struct mp *mp,
                             bool msr)
{
	struct reading a = { .fw = fw, .report = report, .mp = *mp };

	if (!start(&a, msr, 0))
		return false;
	ask_self(&a);
	end(&a);
	return true;
}

bool processors_collect_all(struct report *report, const struct firmware *fw, const struct mp *mp,
                            bool msr, struct alarm *alarm)
{
	struct reading a = { .fw = fw, .report = report, .mp = *mp, .alarm = alarm };
	const UINTN most = REPORT_PROCESSORS_MAX;

	if (!start(&a, msr, mp->number < most ? mp->number : most))
		return false;
	ask_all(&a);
	end(&a);
	return true;
}
