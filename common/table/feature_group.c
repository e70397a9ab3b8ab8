/* SPDX-License-Identifier: MIT */
#include "table/feature_group.h"

static const struct {
	const char *name, *title;
} groups[G_COUNT] = {
#define GROUP(id, title) { #id, title },
#define LEAVES(...)
#define REGISTER(...)
#define IN(...)
#include "table/feature_group.def"
#undef GROUP
#undef LEAVES
#undef IN
};

static const struct leaves {
	uint8_t group;
	uint32_t first, last;
} leaves[] = {
#define GROUP(...)
#define LEAVES(group, first, last) { G_##group, first, last },
#undef REGISTER
#define REGISTER(group, msr) { G_##group, CPUID_MSR | (msr), CPUID_MSR | (msr) },
#define IN(...)
#include "table/feature_group.def"
#undef LEAVES
#undef REGISTER
#undef IN
};

/* The group and 1; 0: the leaf decides. */
static const uint8_t own[F_COUNT] = {
#define LEAVES(...)
#define REGISTER(...)
#define IN(group, feature) [F_##feature] = G_##group + 1,
#include "table/feature_group.def"
#undef GROUP
#undef LEAVES
#undef REGISTER
#undef IN
};

enum feature_group feature_group(enum feature_id id)
{
	const uint32_t leaf = feature_leaf(&features[id]);

	if (own[id])
		return (enum feature_group)(own[id] - 1);
	if (features[id].kind == KIND_FEATURE ||
	    (features[id].kind == KIND_OS && features[id].low == features[id].high))
		for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
			if (leaf >= leaves[i].first && leaf <= leaves[i].last)
				return (enum feature_group)leaves[i].group;
	return G_COUNT;
}

const char *feature_group_title(enum feature_group group)
{
	return groups[group].title;
}

const char *feature_group_name(enum feature_group group)
{
	return groups[group].name;
}
