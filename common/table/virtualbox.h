/* SPDX-License-Identifier: MIT */
/*
 * virtualbox.h - the settings with which VirtualBox hides features.
 *
 * virtualbox.def is the table.
 */
#ifndef VIRTUALBOX_H
#define VIRTUALBOX_H

#include "table/feature.h"

/* Returns the name of the setting below CPUM/IsaExts; "" if there is none. */
const char *virtualbox_name(enum feature_id id);

/*
 * True if the setting exists since VirtualBox 7.1; earlier versions show the feature to no guest,
 * and do not start a VM that has an unknown setting.
 */
bool virtualbox_is_late(enum feature_id id);

#endif
