/* SPDX-License-Identifier: MIT */
#include "alarm.h"

#include "console.h"
#include "power.h"

/* Timers count units of 100 ns. */
#define SECOND UINT64_C(10000000)

/* How long the words can be read before the machine is off. */
#define READ_SECONDS 10

static void EFIAPI on_time(EFI_EVENT event, void *context)
{
	const struct alarm *a = context;

	(void)event;
	console_put(a->fw, "\n");
	console_colour(a->fw, CONSOLE_BAD);
	console_sentence(a->fw, a->words);
	console_colour(a->fw, CONSOLE_PLAIN);
	a->rescue(a->context);
	if (!a->ends)
		return;
	for (unsigned i = 0; i < READ_SECONDS; i++)
		a->fw->boot->Stall(1000000);
	/* The call that hangs cannot be left, so the way back to the firmware is closed. */
	power_do(a->fw, a->then == CHOICE_RETURN ? CHOICE_OFF : a->then);
}

void alarm_start(struct alarm *a, uint32_t seconds)
{
	a->event = NULL;
	if (EFI_ERROR(a->fw->boot->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL, TPL_NOTIFY, on_time,
	                                       a, &a->event)))
		a->event = NULL;
	else
		a->fw->boot->SetTimer(a->event, TimerRelative, seconds * SECOND);
}

void alarm_stop(struct alarm *a)
{
	if (a->event)
		a->fw->boot->CloseEvent(a->event);
	a->event = NULL;
}
