/* SPDX-License-Identifier: MIT */
/*
 * settings.h - reads cpulevel.conf from the stick.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "files.h"
#include "report/config.h"

/*
 * Sets all of *config; what the file does not set has its default.  Shows on the console which
 * lines are ignored, and why.
 */
void settings_read(struct config *config, const struct firmware *fw, const struct volume *stick);

#endif
