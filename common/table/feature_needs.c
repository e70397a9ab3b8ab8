/* SPDX-License-Identifier: MIT */
#include "table/feature.h"

#define FEATURE_NEEDS(...) FIRST_NEEDS(__VA_ARGS__, NONE, NONE, NONE)
#define FIRST_NEEDS(a, b, c, ...)           \
	{                                   \
		F_##a, F_##b, F_##c, F_NONE \
	}

static const uint16_t needs[F_COUNT][FEATURE_NEEDS_MAX + 1] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, unit, need, about) \
	[F_##name] = FEATURE_NEEDS need,
#include "table/feature.def"
#undef FEATURE
};

const uint16_t *feature_needs(enum feature_id id)
{
	return needs[id];
}

bool feature_needs_it(enum feature_id id, enum feature_id needed)
{
	for (const uint16_t *need = needs[id]; *need != F_NONE; need++)
		if (*need == needed)
			return true;
	return false;
}
