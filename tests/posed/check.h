/* SPDX-License-Identifier: MIT */
/*
 * check.h - whether what a posed visit says is true, and whether it left all as it was.
 */
#ifndef CHECK_H
#define CHECK_H

#include "scenario.h"

/* Reads the key that the seals must have, stick.pub. */
bool check_load(const char *folder);

/* Returns what is wrong after a visit, or NULL. */
const char *check_visit(const struct scenario *s, const struct posed_fault *fault);

/* Returns true if the console has these words; where rows end does not matter. */
bool check_said(const char *words);

/*
 * Whether these bytes have words by which a visit's claims are known: where the screen shows them,
 * what it says is not the probe's alone.
 */
bool check_could_claim(const void *bytes, size_t size);

/* Whether a report that is stored, was sent, or is shown has these words. */
bool check_has(const char *words);

#endif
