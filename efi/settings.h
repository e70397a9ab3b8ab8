/* SPDX-License-Identifier: MIT */
/*
 * settings.h - reads cpulevel.conf: what is built into the probe, and then the file beside it.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "base/text.h"
#include "beside.h"
#include "report/config.h"

/*
 * Sets all of *config; what no file sets has its default.  Appends which lines are ignored, and why
 * (line.h); rows->full: not all of them.
 */
void settings_read(struct config *config, struct text *rows, const struct beside *from);

#endif
