/* SPDX-License-Identifier: MIT */
/*
 * progress.h - a bar on standard error for what takes longer than a second.
 *
 * Nothing is written unless standard error is a terminal, and nothing stays there.
 */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* No bar will be shown. */
void progress_off(void);

/* The command prints on standard output as it goes: no bar if that is a terminal too. */
void progress_beside_output(void);

/* Begins to count: a verb, "reading", and how many steps there will be. */
void progress_start(const char *verb, size_t steps);

/* One more step is done.  May be called from several threads at once. */
void progress_step(void);

/* All is done, or no more will be: the bar is wiped. */
void progress_end(void);

/* Wipes the bar until the next step, before something else is written. */
void progress_hide(void);

#endif
