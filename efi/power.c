/* SPDX-License-Identifier: MIT */
#include "power.h"

#include "console.h"
#include "text.h"

#define MENU_MS (10 * 60 * 1000)

static void say(const struct firmware *fw, UINT32 seconds)
{
	char buffer[CONSOLE_COLUMNS + 1];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rPower off in ");
	text_decimal(&t, seconds);
	text_put(&t, " s. Any key stops the count-down. ");
	if (text_string(&t))
		console_put(fw, buffer);
}

/* Returns false if a key stopped it. */
static bool count_down(const struct firmware *fw, UINT32 seconds)
{
	bool stopped = false;

	for (; seconds > 0 && !stopped; seconds--) {
		say(fw, seconds);
		stopped = console_key(fw, 1000) != 0;
	}
	console_put(fw, "\n");
	return !stopped;
}

enum power power_ask(const struct firmware *fw, UINT32 seconds)
{
	if (count_down(fw, seconds))
		return POWER_OFF;
	console_put(fw, "P power off  R reboot  B back to firmware  (power off in 10 minutes)\n");
	for (;;) {
		switch (console_key(fw, MENU_MS)) {
		case 0:
		case 'p':
		case 'P':
			return POWER_OFF;
		case 'r':
		case 'R':
			return POWER_REBOOT;
		case 'b':
		case 'B':
			return POWER_BACK;
		}
	}
}

void power_do(const struct firmware *fw, enum power power)
{
	if (power == POWER_BACK)
		return;
	console_put(fw, power == POWER_OFF ? "Power off.\n" : "Reboot.\n");
	fw->table->RuntimeServices->ResetSystem(
		power == POWER_OFF ? EfiResetShutdown : EfiResetCold, EFI_SUCCESS, 0, NULL);

	/* Going on would let the firmware boot whatever comes next, unasked. */
	console_put(fw, "The firmware did not do it: switch the machine off by hand.\n");
	for (;;)
		fw->boot->Stall(1000000);
}
