/* SPDX-License-Identifier: MIT */
#include "table/feature_microcode.h"

static const bool from_microcode[F_COUNT] = {
#define MICROCODE(feature) [F_##feature] = true,
#include "table/feature_microcode.def"
#undef MICROCODE
};

bool feature_from_microcode(enum feature_id id)
{
	return from_microcode[id];
}
