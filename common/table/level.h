/* SPDX-License-Identifier: MIT */
/*
 * level.h - the levels x86-64-v1 to x86-64-v4 of the psABI, for which distributions build.
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

/* Returns the highest level whose features are in the set, with those of the lower levels; 0: none.
 */
unsigned level_of(const struct cpuid_set *set);

/* True if f is a feature of this level (not of a lower one) and is missing in the set. */
bool level_misses(const struct cpuid_set *set, const struct level_feature *f, unsigned level);

#endif
