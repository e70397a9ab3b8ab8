/* SPDX-License-Identifier: MIT */
/*
 * feature_find.h - finds the row of a feature by any of its names.
 *
 * Names may be in any case; '-', '_' and '.' are the same; VMware's "cpuid." may be in front.
 */
#ifndef FEATURE_FIND_H
#define FEATURE_FIND_H

#include "table/feature.h"

/*
 * Finds the rows with a name: the one row with this VMware capability ("mwait" is MONITOR, as in
 * VMware's messages), or else the row with this name in the manual, or else all rows with this name
 * elsewhere ("prefetchi" is two bits).  With "cpuid." in front, all rows with this capability come
 * before the manual ("cpuid.ibpb" is two bits).  Returns their number; the first max are in ids.
 */
size_t feature_find(const char *name, enum feature_id *ids, size_t max);

/* Returns the row with this VMware capability, or F_NONE. */
enum feature_id feature_capability(const char *name);

/* Finds rows with names similar to an unknown name, the most similar first.  Returns their number.
 */
size_t feature_nearest(const char *name, enum feature_id *ids, size_t max);

/* True if a name of the row or its description contains part, compared as in feature_find. */
bool feature_matches(enum feature_id id, const char *part);

#endif
