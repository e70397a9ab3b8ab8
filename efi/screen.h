/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a person in front of the machine reads.
 *
 * One text, the most important first: the outcome in its colour; this host's deviation; warnings;
 * the machine, its topology and its features; where the report is; all features by name.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "probe.h"

/* Bytes for that text, with the names of several kinds of processors. */
#define SCREEN_TEXT_MAX 0x12000

/*
 * Clears the screen to the colour of the outcome and shows the beginning of the text, as much as
 * fits with the rows that follow; if that is not all, the last row says so.  With verbosity "quiet"
 * the machine and its features are left out.  The row after the text has no end yet:
 * outcome_verified follows.
 */
void screen_summary(const struct probe *p);

/* Shows the whole text page by page, and the report itself if that is asked for. */
void screen_pages(const struct probe *p);

#endif
