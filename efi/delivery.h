/* SPDX-License-Identifier: MIT */
/*
 * delivery.h - brings the report to the stick and the server: number, seal, file, the TPM's
 * signature.
 *
 * Each function does nothing if the report cannot be stored, and notes the cause if that turns out.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "probe.h"

/* Some drivers try for long to write to a stick that is faulty. */
#define STORE_SECONDS 600

/* Notes why the report is not stored.  The first cause stays. */
void delivery_trouble(struct probe *p, const char *clause);

/* Returns true if the report is on the stick or on the server. */
bool delivery_safe(const struct probe *p);

/* Begins what takes long: addresses for the network, if the report is to be sent. */
void delivery_start(struct probe *p);

/* Gives the report the next number of the stick. */
void delivery_number(struct probe *p);

/* Writes, seals and stores the report as it is now; its name has one of store.h's endings. */
void delivery_put(struct probe *p, const char *ending);

/*
 * Stores what the report has so far, in place of what was kept before: the firmware may not come
 * back from what it is asked next.  The name ends in STORE_BOOT or STORE_BARE.
 */
void delivery_keep(struct probe *p, const char *ending);

/* Removes what was kept, once the full report is stored. */
void delivery_drop(struct probe *p);

/* Sends report and seal to the server of the setting "collect". */
void delivery_send(struct probe *p);

/* Stores the file of all setup questions, if there is one, and its seal beside the report. */
void delivery_forms(struct probe *p);

/* Has the TPM sign the report that is stored or sent, and stores and sends that. */
void delivery_attest(struct probe *p);

/* Ends what delivery_start began: the firmware's settings are as before. */
void delivery_end(struct probe *p);

/* Sends what is not stored over the console; context is the probe.  For an alarm. */
void delivery_rescue(void *context);

#endif
