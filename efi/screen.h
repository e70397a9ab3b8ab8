/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a person in front of the box reads.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "probe.h"

/* One screen: who the machine is, what it has, where its report is or why it is nowhere. */
void screen_summary(const struct probe *p);

/*
 * Writes report and seal over the console between BEGIN and END lines, so that the log of a serial
 * line can be turned back into the files.
 */
void screen_report(const struct probe *p);

#endif
