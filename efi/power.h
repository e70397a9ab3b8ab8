/* SPDX-License-Identifier: MIT */
/*
 * power.h - switches the machine off or reboots it.
 */
#ifndef POWER_H
#define POWER_H

#include "menu.h"

/*
 * Switches off or reboots.  If the firmware does not do it, the words to switch the machine off
 * stay on the screen, and nothing else happens.  Returns at once for any other choice.
 */
void power_do(const struct firmware *fw, enum choice choice);

#endif
