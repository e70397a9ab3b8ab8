/* SPDX-License-Identifier: MIT */
/*
 * settings.h - reads cpulevel.conf from the stick.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "base/text.h"
#include "files.h"
#include "report/config.h"

/*
 * Sets all of *config; what the file does not set has its default.  Appends which lines are
 * ignored, and why (line.h); rows->full: not all of them.
 */
void settings_read(struct config *config, struct text *rows, const struct volume *stick);

#endif
