/* SPDX-License-Identifier: MIT */
/*
 * virtualbox.h - the switches that VirtualBox has for features.
 *
 * virtualbox.def is the table.
 */
#ifndef VIRTUALBOX_H
#define VIRTUALBOX_H

#include "table/feature.h"

/* Returns the name below CPUM/IsaExts; "" if there is no switch. */
const char *virtualbox_name(enum feature_id id);

/*
 * True if the switch came with 7.1, before which no guest saw the feature.  A machine with a name
 * that its version does not know does not start.
 */
bool virtualbox_is_late(enum feature_id id);

#endif
