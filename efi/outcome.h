/* SPDX-License-Identifier: MIT */
/*
 * outcome.h - what the screen says of the report: stored, sealed and verified, or not.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "probe.h"

/* Shows a sentence of three parts in the colour of what needs attention. */
void outcome_sentence(const struct firmware *fw, const char *first, const char *middle,
                      const char *last);

/* Shows whether the TPM has signed, if it was asked. */
void outcome_tpm(const struct probe *p);

/* Shows the report's name, and that it is stored.  The row has no end: outcome_verified follows. */
void outcome_report(const struct probe *p);

/* Ends that row: whether the report was read back after a restart of the stick's driver. */
void outcome_verified(const struct probe *p);

/* Shows "REPORT NOT STORED: the stick is full." and more, which is another sentence or "". */
void outcome_not_stored(const struct probe *p, const char *more);

/* Shows whether the report is on the server, if it was to be sent there. */
void outcome_collected(const struct probe *p);

/* Prepares the words and the choice for an alarm while the firmware is doing this. */
void outcome_alarm(struct probe *p, const char *doing);

#endif
