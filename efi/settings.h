/* SPDX-License-Identifier: MIT */
/*
 * settings.h - reads cpulevel.conf from the stick and says what in it is not understood.
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "files.h"
#include "report/config.h"

/* *config is complete in any case: what the stick does not set has its default. */
void settings_read(struct config *config, const struct firmware *fw, const struct volume *stick);

#endif
