/* SPDX-License-Identifier: MIT */
/*
 * outcome.h - what the screen says of the report: stored, sealed and verified, or not.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "console.h"
#include "probe.h"

/*
 * Appends the outcome and its reasons, and returns its colour: green if the report is stored, or
 * sent, and is sealed, or signed by the TPM, wherever it was to be; yellow if something of that is
 * not so; red if the report is neither stored nor sent.
 */
enum console_colour outcome_rows(struct text *rows, const struct probe *p);

/* Appends where the report is, and what signed it beside the stick's key. */
void outcome_places(struct text *rows, const struct probe *p);

/* Shows that the report is not stored, before it goes out over the console. */
void outcome_not_stored(const struct probe *p);

/* Shows that the report is stored, and its seal's key, in a row without an end. */
void outcome_seal(const struct probe *p);

/* Ends that row: whether the report was read back after a restart of the stick's driver. */
void outcome_verified(const struct probe *p);

/* Prepares the words and the choice for an alarm while the firmware is doing this. */
void outcome_alarm(struct probe *p, const char *doing);

/* The same, and shows what is done. */
void outcome_step(struct probe *p, const char *doing);

#endif
