/* SPDX-License-Identifier: MIT */
/*
 * guard.h - reads model-specific registers without falling over those that do not exist.
 *
 * RDMSR of an absent register raises a general-protection fault, which is the end of a machine
 * unless somebody catches it, and whether anybody may is for the firmware to say.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "firmware.h"

/*
 * Catches the faults of guard_rdmsr from now on, on the processors that handle
 * them as this one does.  Returns false if the firmware does not offer that or has given it to
 * someone else.
 */
bool guard_start(const struct firmware *fw);
void guard_stop(void);

/* True if the processor that executes this would have its faults caught. */
bool guard_covers(void);

/* Reads a register, where guard_covers.  Returns false if that raised a fault. */
bool guard_rdmsr(uint32_t number, uint64_t *ret_value);

#endif
