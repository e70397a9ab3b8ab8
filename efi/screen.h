/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a person in front of the machine reads.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "probe.h"

/*
 * Shows one screen: the machine, its features, the verdict, and where the report is or why it was
 * not stored.  With verbosity "quiet" it shows warnings, the verdict and the report's place only.
 * The last row of a stored report has no end yet: outcome_verified follows.
 */
void screen_summary(const struct probe *p);

#endif
