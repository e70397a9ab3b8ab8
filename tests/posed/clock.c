/* SPDX-License-Identifier: MIT */
#include "posed.h"

#define EVENTS 32

static struct event {
	bool used, signalled, set;
	UINT32 type;
	EFI_EVENT_NOTIFY notify;
	void *context;
	uint64_t due;
} events[EVENTS];

static uint64_t now;

void posed_clock_start(void)
{
	for (size_t i = 0; i < EVENTS; i++)
		events[i] = (struct event){ .used = false };
	now = 0;
}

uint64_t posed_now(void)
{
	return now;
}

size_t posed_events_left(void)
{
	size_t left = 0;

	for (size_t i = 0; i < EVENTS; i++)
		left += events[i].used;
	return left;
}

static struct event *next_due(uint64_t until)
{
	struct event *next = NULL;

	for (struct event *e = events; e < events + EVENTS; e++)
		if (e->used && e->set && e->due <= until && (!next || e->due < next->due))
			next = e;
	return next;
}

/* Time passes until then, and events happen. */
static void pass(uint64_t until)
{
	struct event *e;

	while ((e = next_due(until)) != NULL) {
		now = e->due > now ? e->due : now;
		e->set = false;
		e->signalled = true;
		if (e->type & EVT_NOTIFY_SIGNAL)
			e->notify(e, e->context);
	}
	now = until > now ? until : now;
}

_Noreturn void posed_hang(void)
{
	static const uint64_t day = UINT64_C(10000000) * 60 * 60 * 24;

	pass(now + day);
	posed_end(END_HANGS);
}

void posed_signal(EFI_EVENT event)
{
	((struct event *)event)->signalled = true;
}

static EFI_STATUS EFIAPI create_event(UINT32 type, EFI_TPL tpl, EFI_EVENT_NOTIFY notify,
                                      void *context, EFI_EVENT *ret_event)
{
	const EFI_STATUS status = posed_call(SERVICE_CreateEvent);

	(void)tpl;
	if (EFI_ERROR(status))
		return status;
	for (struct event *e = events; e < events + EVENTS; e++) {
		if (e->used)
			continue;
		*e = (struct event){
			.used = true, .type = type, .notify = notify, .context = context
		};
		*ret_event = e;
		return EFI_SUCCESS;
	}
	posed_wrong("too many events");
	return EFI_OUT_OF_RESOURCES;
}

static EFI_STATUS EFIAPI set_timer(EFI_EVENT event, EFI_TIMER_DELAY type, UINT64 time)
{
	const EFI_STATUS status = posed_call(SERVICE_SetTimer);
	struct event *e = event;

	if (EFI_ERROR(status))
		return status;
	if (!e->used || !(e->type & EVT_TIMER) || type != TimerRelative)
		posed_wrong("SetTimer of what is no timer");
	e->set = true;
	e->due = now + time;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI close_event(EFI_EVENT event)
{
	struct event *e = event;

	if (!e->used)
		posed_wrong("CloseEvent of what is no event");
	e->used = false;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI check_event(EFI_EVENT event)
{
	struct event *e = event;

	/* Each look takes a little, so that a loop of nothing else ends. */
	pass(now + 1000);
	if (!e->used || e->type & EVT_NOTIFY_SIGNAL)
		posed_wrong("CheckEvent of what is no event to check");
	if (!e->signalled)
		return EFI_NOT_READY;
	e->signalled = false;
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI stall(UINTN microseconds)
{
	pass(now + (uint64_t)microseconds * 10);
	if (posed_was_reset())
		posed_end(posed_was_reset());
	return EFI_SUCCESS;
}

static EFI_STATUS EFIAPI set_watchdog(UINTN seconds, UINT64 code, UINTN size, CHAR16 *data)
{
	(void)code, (void)size, (void)data;
	if (seconds)
		posed_wrong("the watchdog is set");
	return EFI_SUCCESS;
}

void posed_clock_services(EFI_BOOT_SERVICES *boot)
{
	boot->CreateEvent = create_event;
	boot->SetTimer = set_timer;
	boot->CloseEvent = close_event;
	boot->CheckEvent = check_event;
	boot->Stall = stall;
	boot->SetWatchdogTimer = set_watchdog;
}
