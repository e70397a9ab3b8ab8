/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a person in front of the box reads.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "probe.h"

/* One screen: who the machine is, what it has, where its report is or why it is nowhere. */
void screen_summary(const struct probe *p);

/* Why the report is not on the stick, as a sentence. */
void screen_trouble(const struct probe *p);

#endif
