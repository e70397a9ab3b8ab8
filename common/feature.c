/* SPDX-License-Identifier: MIT */
#include "feature.h"

const struct feature features[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, support, hw, cap, vmware, linux_, \
                qemu, libvirt, xen, other, need1, need2, ...)                                  \
	[F_##name] = { leaf,        sub,                                                       \
		       reg,         low,                                                       \
		       high,        KIND_##kind,                                               \
		       RULE_##rule, VMWARE_##support,                                          \
		       hw,          { F_##need1, F_##need2 } },
#include "feature.def"
#undef FEATURE
};

/*
 * The names as one object and their places in it, not as pointers: a pointer in a table costs an
 * EFI image a relocation of 24 bytes.
 */
static const struct names {
	char f_none[1];
#define FEATURE(leaf, sub, reg, low, high, name, ...) char f_##name[sizeof(#name)];
#include "feature.def"
#undef FEATURE
} names = {
	"",
#define FEATURE(leaf, sub, reg, low, high, name, ...) #name,
#include "feature.def"
#undef FEATURE
};

static const uint16_t name_at[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, ...) [F_##name] = offsetof(struct names, f_##name),
#include "feature.def"
#undef FEATURE
};

_Static_assert(sizeof(names) < UINT16_MAX, "feature.def: name_at needs more than 16 bits");

const char *feature_name(enum feature_id id)
{
	return (const char *)&names + name_at[id];
}

/* Orders a row against (leaf, subleaf, reg): negative if the row is before. */
static int order(const struct feature *f, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	if (f->leaf != leaf)
		return f->leaf < leaf ? -1 : 1;
	if (f->subleaf != subleaf)
		return f->subleaf < subleaf ? -1 : 1;
	return (int)f->reg - (int)reg;
}

/* Returns the first row that is not before (leaf, subleaf, reg), F_COUNT if all are. */
static size_t first_from(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	size_t lo = F_NONE + 1, hi = F_COUNT;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (order(&features[mid], leaf, subleaf, reg) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Returns FROM(n) if the leaf has such rows and none of its own for subleaf, else subleaf. */
static uint32_t column_of(uint32_t leaf, uint32_t subleaf)
{
	size_t i = first_from(leaf, subleaf, EAX);

	if (subleaf < FROM(0) && i < F_COUNT && features[i].leaf == leaf &&
	    features[i].subleaf == subleaf)
		return subleaf;
	i = first_from(leaf, FROM(0), EAX);
	if (i < F_COUNT && features[i].leaf == leaf && subleaf + FROM(0) >= features[i].subleaf)
		return features[i].subleaf;
	return subleaf;
}

enum feature_id feature_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, size_t *count)
{
	const uint32_t column = column_of(leaf, subleaf);
	const size_t first = first_from(leaf, column, reg);
	size_t i = first;

	while (i < F_COUNT && order(&features[i], leaf, column, reg) == 0)
		i++;
	*count = i - first;
	return *count ? (enum feature_id)first : F_NONE;
}

enum feature_id feature_at(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit)
{
	size_t count;
	const enum feature_id first = feature_register(leaf, subleaf, reg, &count);

	for (size_t i = first; i < first + count; i++)
		if (features[i].low <= bit && bit <= features[i].high)
			return (enum feature_id)i;
	return F_NONE;
}

uint32_t feature_mask(enum feature_id id)
{
	const struct feature *f = &features[id];

	return (uint32_t)(((UINT64_C(1) << (f->high - f->low + 1)) - 1) << f->low);
}

uint32_t feature_value(const struct cpuid_set *set, enum feature_id id)
{
	const struct feature *f = &features[id];
	const uint32_t subleaf = f->subleaf < FROM(0) ? f->subleaf : f->subleaf - FROM(0);
	const uint32_t value = cpuid_value(set, f->leaf, subleaf, (enum cpuid_reg)f->reg);

	return (value & feature_mask(id)) >> f->low;
}

uint32_t feature_processor_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	size_t count;
	const enum feature_id first = feature_register(leaf, subleaf, reg, &count);
	uint32_t bits = 0;

	for (size_t i = first; i < first + count; i++)
		if (features[i].kind == KIND_PROCESSOR)
			bits |= feature_mask((enum feature_id)i);
	return bits;
}
