/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a person in front of the machine reads.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "probe.h"

/*
 * Shows one screen: the machine, its features, the verdict, and where the report is or why it was
 * not stored.  With verbosity "quiet" it shows warnings, the report's place and the verdict only.
 */
void screen_summary(const struct probe *p);

/* Shows why the report is not on the stick, as a sentence. */
void screen_trouble(const struct probe *p);

#endif
