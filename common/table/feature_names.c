/* SPDX-License-Identifier: MIT */
#include "table/feature_names.h"

static const char *const names[F_COUNT][NAMERS] = {
#define NAMES(feature, capability, vmware, linux_, qemu, libvirt, xen, other) \
	[F_##feature] = { capability, vmware, linux_, qemu, libvirt, xen, other },
#include "table/feature_names.def"
#undef NAMES
};

static const char *const abouts[F_COUNT] = {
	[F_NONE] = "",
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, unit, needs, about) \
	[F_##name] = (about),
#include "table/feature.def"
#undef FEATURE
};

static const char *const sentences[F_COUNT] = {
#define SENTENCE(feature, sentence) [F_##feature] = (sentence),
#include "table/feature_sentence.def"
#undef SENTENCE
};

const char *feature_named(enum feature_id id, enum feature_namer who)
{
	return names[id][who] ? names[id][who] : "";
}

const char *feature_about(enum feature_id id)
{
	return abouts[id];
}

const char *feature_sentence(enum feature_id id)
{
	return sentences[id] ? sentences[id] : abouts[id];
}
