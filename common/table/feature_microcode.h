/* SPDX-License-Identifier: MIT */
/*
 * feature_microcode.h - whether a feature comes with an update of the microcode.
 *
 * feature_microcode.def is the table.
 */
#ifndef FEATURE_MICROCODE_H
#define FEATURE_MICROCODE_H

#include "table/feature.h"

/* True if a newer microcode can add the feature to a host that lacks it. */
bool feature_from_microcode(enum feature_id id);

#endif
