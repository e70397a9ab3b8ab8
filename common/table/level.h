/* SPDX-License-Identifier: MIT */
/*
 * level.h - x86-64-v1 to x86-64-v4, the levels that distributions and hypervisors build for.
 */
#ifndef LEVEL_H
#define LEVEL_H

#include "table/feature.h"

#define LEVELS 4

struct level_feature {
	uint8_t level;
	uint16_t id; /* enum feature_id */
};

/* The rows of level.def. */
extern const struct level_feature level_features[];
extern const size_t level_features_count;

/* Returns the highest level whose features, and those of all before, are in the set; 0 for none. */
unsigned level_of(const struct cpuid_set *set);

/* True if a feature of this very level is missing in the set. */
bool level_misses(const struct cpuid_set *set, const struct level_feature *f, unsigned level);

#endif
