/* SPDX-License-Identifier: MIT */
#include "power.h"

#include "console.h"

void power_do(const struct firmware *fw, enum choice choice)
{
	if (choice != CHOICE_OFF && choice != CHOICE_REBOOT)
		return;
	console_put(fw, choice == CHOICE_OFF ? "Powering off.\n" : "Rebooting.\n");
	fw->table->RuntimeServices->ResetSystem(
		choice == CHOICE_OFF ? EfiResetShutdown : EfiResetCold, EFI_SUCCESS, 0, NULL);

	/* After a return the firmware would boot whatever comes next. */
	console_put(fw, "The firmware did not do this. Switch the machine off by hand.\n");
	for (;;)
		fw->boot->Stall(1000000);
}
