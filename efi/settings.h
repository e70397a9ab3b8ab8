/* SPDX-License-Identifier: MIT */
/*
 * settings.h - reads cpulevel.conf: what is built into the probe, and then the file beside it.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "beside.h"
#include "report/config.h"

/*
 * Sets all of *config; what no file sets has its default.  Shows on the console which lines are
 * ignored, and why.
 */
void settings_read(struct config *config, const struct beside *from);

#endif
