/* SPDX-License-Identifier: MIT */
/*
 * feature_copy.h - which bits repeat another bit.
 *
 * feature_copy.def is the table.
 */
#ifndef FEATURE_COPY_H
#define FEATURE_COPY_H

#include "table/feature.h"

/* Returns the feature that a bit repeats, or F_NONE if it says something of its own. */
enum feature_id feature_copy_of(enum feature_id id);

#endif
