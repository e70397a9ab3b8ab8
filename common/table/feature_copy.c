/* SPDX-License-Identifier: MIT */
#include "table/feature_copy.h"

static const uint16_t originals[F_COUNT] = {
#define COPY(feature, original) [F_##feature] = F_##original,
#include "table/feature_copy.def"
#undef COPY
};

enum feature_id feature_copy_of(enum feature_id id)
{
	return (enum feature_id)originals[id];
}
