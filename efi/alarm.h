/* SPDX-License-Identifier: MIT */
/*
 * alarm.h - ends the machine if a call into the firmware does not return.
 *
 * Some firmware hangs where a processor is started, a driver is stopped or a key is read.  A timer
 * of the firmware still runs then, unless interrupts are off.
 */
#ifndef ALARM_H
#define ALARM_H

#include "menu.h"

/* The firmware should return within a second or two from what an alarm guards. */
#define ALARM_SECONDS 60

struct alarm {
	const struct firmware *fw;
	const char *words; /* what hangs, and what is stored: sentences */
	bool ends;         /* false: only say it, the setting is "exit wait" */
	enum choice then;
	void (*rescue)(void *context); /* called after the words; may call the console only */
	void *context;
	EFI_EVENT event;
};

/*
 * From so many seconds on, unless alarm_stop is called before, the words are shown and the machine
 * ends.  If the firmware has no timer, nothing happens.
 */
void alarm_start(struct alarm *a, uint32_t seconds);

void alarm_stop(struct alarm *a);

#endif
