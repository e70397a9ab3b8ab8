/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "compare/merge.h"
#include "cpuid/subleaves.h"

/* SDM vol. 1, 13.4: legacy region and header, before the first extended component. */
#define XSAVE_LEGACY 576

/* Returns one field of the baseline, before dependencies. */
static uint32_t baseline_field(enum feature_id id, uint32_t low, uint32_t high)
{
	const uint32_t field = feature_mask(id);

	switch ((enum feature_rule)features[id].rule) {
	case RULE_ALL:
	case RULE_MIN:
		return low & field;
	case RULE_ANY:
	case RULE_FIXED:
		return high & field;
	case RULE_SAME:
		return ((low ^ high) & field) == 0 ? low & field : 0;
	case RULE_NEVER:
		break;
	}
	return 0;
}

static uint32_t baseline_register(const struct cpuid_leaf *low, const struct cpuid_leaf *high,
                                  enum cpuid_reg reg)
{
	size_t count;
	const enum feature_id first = feature_register(low->leaf, low->subleaf, reg, &count);
	uint32_t value = low->reg[reg]; /* bits without a row merge as ALL */

	for (size_t id = first; id < first + count; id++)
		value = (value & ~feature_mask((enum feature_id)id)) |
		        baseline_field((enum feature_id)id, low->reg[reg], high->reg[reg]);
	return value;
}

static bool has(const struct cpuid_set *set, enum feature_id id)
{
	return feature_value(set, id) != 0;
}

/* True if a need is there, or if it is in leaf 0DH and no set has that leaf. */
static bool has_need(const struct merge *m, const struct cpuid_set *set, enum feature_id need)
{
	const bool unknown = feature_leaf(&features[need]) == SUBLEAVES_XSAVE &&
	                     !cpuid_find(&m->low, SUBLEAVES_XSAVE, 0);

	return unknown || has(set, need);
}

static bool has_needs(const struct merge *m, const struct cpuid_set *set, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (!has_need(m, set, (enum feature_id)need[0]))
			return false;
	return true;
}

static void clear(struct cpuid_set *set, enum feature_id id)
{
	const struct feature *f = &features[id];

	cpuid_insert(set, feature_leaf(f), feature_subleaf(f))->reg[f->reg] &= ~feature_mask(id);
}

/* Clears features that need one that is missing, until there is none. */
static void close_needs(const struct merge *m, struct cpuid_set *set)
{
	bool again;

	do {
		again = false;
		for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
			if (!has(set, (enum feature_id)id) ||
			    has_needs(m, set, (enum feature_id)id))
				continue;
			clear(set, (enum feature_id)id);
			again = true;
		}
	} while (again);
}

/*
 * A guest keeps the XSAVE layout with which it was started, so a component whose size or offset
 * differs among hosts is not in the baseline.  PKRU's offset differs between Intel and AMD.
 */
static uint64_t other_layouts(const struct merge *m)
{
	uint64_t other = 0;

	for (size_t i = 0; i < m->low.count; i++) {
		const uint32_t component = m->low.at[i].subleaf;
		const uint32_t *low = m->low.at[i].reg, *high = m->high.at[i].reg;

		if (subleaves_layout(&m->low.at[i]) &&
		    (low[EAX] != high[EAX] || low[EBX] != high[EBX]))
			other |= UINT64_C(1) << component;
	}
	return other;
}

/* Clears the bits of the components in two registers of a subleaf of 0DH, if the set has it. */
static void drop_components(struct cpuid_set *baseline, uint32_t subleaf, enum cpuid_reg low,
                            uint64_t components)
{
	if (!cpuid_find(baseline, 0xd, subleaf))
		return;
	uint32_t *reg = cpuid_insert(baseline, 0xd, subleaf)->reg;
	reg[low] &= ~(uint32_t)components;
	reg[EDX] &= ~(uint32_t)(components >> 32);
}

/* Leaf 0DH: clears the subleaves of components that are gone, and computes the size. */
static void finish_xsave(struct cpuid_set *baseline)
{
	const uint64_t xcr0 = (uint64_t)cpuid_value(baseline, 0xd, 0, EDX) << 32 |
	                      cpuid_value(baseline, 0xd, 0, EAX);
	const uint64_t xss = (uint64_t)cpuid_value(baseline, 0xd, 1, EDX) << 32 |
	                     cpuid_value(baseline, 0xd, 1, ECX);
	uint32_t size = XSAVE_LEGACY;

	for (struct cpuid_leaf *l = baseline->at; l < baseline->at + baseline->count; l++) {
		if (!subleaves_layout(l))
			continue;
		if (xcr0 >> l->subleaf & 1)
			size = size > l->reg[EAX] + l->reg[EBX] ? size : l->reg[EAX] + l->reg[EBX];
		else if (!(xss >> l->subleaf & 1))
			memset(l->reg, 0, sizeof(l->reg));
	}
	if (xcr0)
		cpuid_insert(baseline, 0xd, 0)->reg[ECX] = size;
}

static void drop_zero_leaves(struct cpuid_set *set)
{
	static const uint32_t nothing[CPUID_REGS];
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++)
		if (memcmp(set->at[i].reg, nothing, sizeof(nothing)) != 0)
			set->at[kept++] = set->at[i];
	set->count = kept;
}

void merge_baseline(const struct merge *m, struct cpuid_set *baseline)
{
	baseline->count = m->low.count;
	memcpy(baseline->at, m->low.at, m->low.count * sizeof(m->low.at[0]));
	for (size_t i = 0; i < baseline->count; i++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			baseline->at[i].reg[reg] = baseline_register(&m->low.at[i], &m->high.at[i],
			                                             (enum cpuid_reg)reg);
	const uint64_t other = other_layouts(m);
	drop_components(baseline, 0, EAX, other); /* XCR0 */
	drop_components(baseline, 1, ECX, other); /* IA32_XSS */
	close_needs(m, baseline);
	finish_xsave(baseline);
	drop_zero_leaves(baseline);
}
