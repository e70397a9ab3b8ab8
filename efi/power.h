/* SPDX-License-Identifier: MIT */
/*
 * power.h - how a visit ends.
 */
#ifndef POWER_H
#define POWER_H

#include "menu.h"

/* Switches off or reboots; does nothing for any other choice. */
void power_do(const struct firmware *fw, enum choice choice);

#endif
