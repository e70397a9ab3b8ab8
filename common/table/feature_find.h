/* SPDX-License-Identifier: MIT */
/*
 * feature_find.h - from a name, as people write it, to the row it stands for.
 *
 * Any name that a row has in feature.def is understood, in any case, with '-', '_' and '.' alike,
 * and with VMware's "cpuid." in front.
 */
#ifndef FEATURE_FIND_H
#define FEATURE_FIND_H

#include "table/feature.h"

/*
 * Finds the rows that go by a name.  The manual's name is decisive; failing that, all rows that
 * have the name elsewhere are found ("prefetchi" is two bits).  Returns how many there are; the
 * first max of them are in ids.
 */
size_t feature_find(const char *name, enum feature_id *ids, size_t max);

/* Returns the row that is VMware's capability of this name, or F_NONE. */
enum feature_id feature_capability(const char *name);

/* Finds the rows whose names are nearest to a name that is none, nearest first. */
size_t feature_nearest(const char *name, enum feature_id *ids, size_t max);

/* True if any name of the row, or its description, contains part, as feature_find compares. */
bool feature_matches(enum feature_id id, const char *part);

#endif
