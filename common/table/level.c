/* SPDX-License-Identifier: MIT */
#include "table/level.h"

const struct level_feature level_features[] = {
#define LEVEL(level, name) { level, F_##name },
#include "table/level.def"
#undef LEVEL
};

const size_t level_features_count = sizeof(level_features) / sizeof(level_features[0]);

bool level_misses(const struct cpuid_set *set, const struct level_feature *f, unsigned level)
{
	return f->level == level && feature_value(set, (enum feature_id)f->id) == 0;
}

unsigned level_of(const struct cpuid_set *set)
{
	for (unsigned level = 1; level <= LEVELS; level++)
		for (size_t i = 0; i < level_features_count; i++)
			if (level_misses(set, &level_features[i], level))
				return level - 1;
	return LEVELS;
}
