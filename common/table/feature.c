/* SPDX-License-Identifier: MIT */
#include "table/feature.h"

const struct feature features[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, kind, rule, ...)                                  \
	[F_##name] = {                                                                             \
		FEATURE_LEAF(leaf), FEATURE_SUBLEAF(sub), reg, KIND_##kind, RULE_##rule, low, high \
	},
#include "table/feature.def"
#undef FEATURE
};

/*
 * All names are one object, found by offset.  A pointer for each name would cost the EFI image a
 * relocation of 24 bytes.
 */
static const struct names {
	char f_none[1];
#define FEATURE(leaf, sub, reg, low, high, name, ...) char f_##name[sizeof(#name)];
#include "table/feature.def"
#undef FEATURE
} names = {
	"",
#define FEATURE(leaf, sub, reg, low, high, name, ...) #name,
#include "table/feature.def"
#undef FEATURE
};

static const uint16_t name_at[F_COUNT] = {
#define FEATURE(leaf, sub, reg, low, high, name, ...) [F_##name] = offsetof(struct names, f_##name),
#include "table/feature.def"
#undef FEATURE
};

_Static_assert(sizeof(names) < UINT16_MAX, "feature.def: name_at needs more than 16 bits");

const char *feature_name(enum feature_id id)
{
	return (const char *)&names + name_at[id];
}

/* A place that no row can have. */
#define NOWHERE UINT32_MAX

/* Returns leaf, subleaf and register as one number, by which rows ascend. */
static uint32_t order(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	const uint32_t leaf_code = FEATURE_LEAF(leaf), subleaf_code = FEATURE_SUBLEAF(subleaf);

	if (FEATURE_LEAF_OF(leaf_code) != leaf || FEATURE_SUBLEAF_OF(subleaf_code) != subleaf)
		return NOWHERE;
	return leaf_code << 10 | subleaf_code << 2 | reg;
}

static uint32_t order_of(size_t row)
{
	const struct feature *f = &features[row];

	return (uint32_t)f->leaf_code << 10 | (uint32_t)f->subleaf_code << 2 | f->reg;
}

/* Returns the first row at or after a place, or F_COUNT. */
static size_t first_from(uint32_t at)
{
	size_t lo = F_NONE + 1, hi = F_COUNT;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (order_of(mid) < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

enum feature_id feature_subleaf_rows(uint32_t leaf, uint32_t subleaf, size_t *count)
{
	uint32_t at = order(leaf, subleaf, EAX);
	size_t first = first_from(at);

	/* FROM(n), if the subleaf has no rows of its own. */
	if (subleaf >= FROM(0) || first == F_COUNT || order_of(first) >> 2 != at >> 2) {
		first = first_from(order(leaf, FROM(0), EAX));
		if (first == F_COUNT || feature_leaf(&features[first]) != leaf ||
		    subleaf + FROM(0) < feature_subleaf(&features[first])) {
			*count = 0;
			return F_NONE;
		}
		at = order_of(first);
	}
	size_t end = first;
	while (end < F_COUNT && order_of(end) >> 2 == at >> 2)
		end++;
	*count = end - first;
	return (enum feature_id)first;
}

size_t feature_next_register(size_t *id, size_t *count, enum cpuid_reg reg, size_t *rows)
{
	const size_t first = *id;

	while (*count && features[*id].reg == reg)
		++*id, --*count;
	*rows = *id - first;
	return first;
}

enum feature_id feature_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, size_t *count)
{
	size_t rows, id = feature_subleaf_rows(leaf, subleaf, &rows);

	while (rows && features[id].reg < reg)
		id++, rows--;
	feature_next_register(&(size_t){ id }, &rows, reg, count);
	return *count ? (enum feature_id)id : F_NONE;
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

struct place feature_place(enum feature_id id)
{
	const struct feature *f = &features[id];
	const uint32_t subleaf = feature_subleaf(f);

	return (struct place){
		.leaf = feature_leaf(f),
		.subleaf = subleaf < FROM(0) ? subleaf : subleaf - FROM(0),
		.reg = (enum cpuid_reg)f->reg,
		.low = f->low,
		.high = f->high,
	};
}

enum feature_id feature_of(const struct place *at)
{
	return feature_at(at->leaf, at->subleaf, at->reg, at->low);
}

uint32_t feature_mask(enum feature_id id)
{
	return place_mask(features[id].low, features[id].high);
}

uint32_t feature_value(const struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	return place_value(set, &at);
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
