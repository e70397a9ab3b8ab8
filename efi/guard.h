/* SPDX-License-Identifier: MIT */
/*
 * guard.h - reads model-specific registers, also those that may not exist.
 *
 * RDMSR of an absent register raises a general-protection fault.  Firmware stops the machine on
 * it, unless it lets the program install a handler.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "firmware.h"

/*
 * Installs the fault handler.  Returns false if the firmware does not offer that, or if another
 * handler is installed.  Call it on the boot processor.
 */
bool guard_start(const struct firmware *fw);

/* Removes the fault handler. */
void guard_stop(void);

/* Returns true if a fault on the processor that executes this reaches the handler. */
bool guard_covers(void);

/* Reads a register.  Returns false if that raised a fault.  Call it only where guard_covers. */
bool guard_rdmsr(uint32_t number, uint64_t *ret_value);

#endif
