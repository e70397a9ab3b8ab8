/* SPDX-License-Identifier: MIT */
/*
 * power.h - how a visit ends: a count-down that a key can stop, then power off.
 *
 * A box in a rack often has neither screen nor keyboard, so nothing here waits for a key for ever.
 */
#ifndef POWER_H
#define POWER_H

#include "firmware.h"

enum power { POWER_OFF, POWER_REBOOT, POWER_BACK };

/* Counts seconds down; if a key stops that, asks what to do, ten minutes at most. */
enum power power_ask(const struct firmware *fw, UINT32 seconds);

/* Switches off or reboots; returns for POWER_BACK only. */
void power_do(const struct firmware *fw, enum power power);

#endif
