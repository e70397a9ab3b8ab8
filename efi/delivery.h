/* SPDX-License-Identifier: MIT */
/*
 * delivery.h - brings the report to the stick: number, seal, file, the TPM's signature.
 *
 * Each function does nothing if the report cannot be stored, and notes the cause if that turns out.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "probe.h"

/* Notes why the report is not stored.  The first cause stays. */
void delivery_trouble(struct probe *p, const char *clause);

/* Gives the report the next number of the stick. */
void delivery_number(struct probe *p);

/* Writes, seals and stores the report as it is now; its name ends in STORE_WHOLE or STORE_BOOT. */
void delivery_put(struct probe *p, const char *ending);

/* Stores a report of the boot processor: the firmware may not come back from asking another one. */
void delivery_keep(struct probe *p);

/* Removes that report, once the full one is stored. */
void delivery_drop(struct probe *p);

/* Has the TPM sign the report that is stored. */
void delivery_attest(struct probe *p);

/* Sends what is not stored over the console; context is the probe.  For an alarm. */
void delivery_rescue(void *context);

#endif
