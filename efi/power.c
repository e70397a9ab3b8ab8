/* SPDX-License-Identifier: MIT */
#include "power.h"

#include "console.h"

void power_do(const struct firmware *fw, enum choice choice)
{
	if (choice != CHOICE_OFF && choice != CHOICE_REBOOT)
		return;
	/* Said before, because some firmware does not come back from this either. */
	console_put(fw, choice == CHOICE_OFF ? "Powering off. " : "Rebooting. ");
	console_put(fw, "If nothing happens, switch the machine off by hand.\n");
	fw->table->RuntimeServices->ResetSystem(
		choice == CHOICE_OFF ? EfiResetShutdown : EfiResetCold, EFI_SUCCESS, 0, NULL);

	/* If this program ended now, the firmware would boot whatever comes next. */
	for (;;)
		fw->boot->Stall(1000000);
}
