/* SPDX-License-Identifier: MIT */
#include "compare/merge.h"

#include "base/mem.h"
#include "table/msr.h"

/* SDM vol. 1, 13.4: legacy region and header, before the first extended component. */
#define XSAVE_LEGACY 576

#define XSAVE_LEAF 0xdU

void merge_start(struct merge *m)
{
	m->sets = 0;
	m->low.count = 0;
	m->high.count = 0;
}

static uint32_t min_of(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t max_of(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* Returns the mask of a field that merges as a number; 0 for rows that merge as bits. */
static uint32_t number_bits(enum feature_id id)
{
	const enum feature_rule rule = (enum feature_rule)features[id].rule;

	return rule == RULE_MIN || rule == RULE_SAME ? feature_mask(id) : 0;
}

/* Lowers low and raises high of one register by the value of another set. */
static void add_register(uint32_t *low, uint32_t *high, uint32_t value, uint32_t leaf,
                         uint32_t subleaf, enum cpuid_reg reg)
{
	size_t count;
	const enum feature_id first = feature_register(leaf, subleaf, reg, &count);
	uint32_t new_low = *low & value, new_high = *high | value;

	for (size_t id = first; id < first + count; id++) {
		const uint32_t field = number_bits((enum feature_id)id);
		new_low = (new_low & ~field) | min_of(*low & field, value & field);
		new_high = (new_high & ~field) | max_of(*high & field, value & field);
	}
	*low = new_low;
	*high = new_high;
}

static void copy_set(struct cpuid_set *to, const struct cpuid_set *from)
{
	to->count = from->count;
	memcpy(to->at, from->at, from->count * sizeof(from->at[0]));
}

/* True if the subleaf has the size and offset of one extended state. */
static bool is_layout(const struct cpuid_leaf *l)
{
	return l->leaf == XSAVE_LEAF && l->subleaf >= 2 && l->subleaf <= 62;
}

/*
 * True if a set says what is in a subleaf.  One without the subleaf of an extended state does not
 * say the layout of that state, also if the processor lacks it.  Nor does one that has XSAVE say
 * that there is no leaf 0DH, whatever its last leaf is.
 */
static bool is_known(const struct cpuid_set *set, const struct cpuid_leaf *at)
{
	if (is_layout(at))
		return cpuid_find(set, XSAVE_LEAF, at->subleaf) != NULL;
	if (at->leaf == XSAVE_LEAF && feature_value(set, F_XSAVE))
		return cpuid_find(set, XSAVE_LEAF, 0) && cpuid_knows(set, at->leaf, at->subleaf);
	return cpuid_knows(set, at->leaf, at->subleaf);
}

/* Widens the bounds of one subleaf by what a set has there, NULL: zeros. */
static void add_leaf(struct cpuid_leaf *low, struct cpuid_leaf *high, const struct cpuid_leaf *l)
{
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		add_register(&low->reg[reg], &high->reg[reg], l ? l->reg[reg] : 0, low->leaf,
		             low->subleaf, (enum cpuid_reg)reg);
}

/* Clears the bits of a lower bound; numbers stay. */
static void clear_bits(struct cpuid_leaf *low)
{
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		size_t count;
		const enum feature_id first =
			feature_register(low->leaf, low->subleaf, (enum cpuid_reg)reg, &count);
		uint32_t numbers = 0;

		for (size_t id = first; id < first + count; id++)
			numbers |= number_bits((enum feature_id)id);
		low->reg[reg] &= numbers;
	}
}

/* True if other leaves say which bits of the subleaf a processor has. */
static bool is_implied(const struct cpuid_leaf *at)
{
	return at->leaf == XSAVE_LEAF && at->subleaf != 1;
}

/* Adds what a set has in one subleaf, at an index of both bounds. */
static void add_at(struct merge *m, size_t i, const struct cpuid_set *set)
{
	struct cpuid_leaf *low = &m->low.at[i], *high = &m->high.at[i];
	const struct cpuid_leaf *l = cpuid_find(set, low->leaf, low->subleaf);

	if (is_known(set, low)) {
		if (l && m->known[i] == MERGE_NONE)
			*low = *high = *l;
		else
			add_leaf(low, high, l);
		if (m->known[i] == MERGE_NONE)
			m->known[i] = MERGE_SOME;
	} else if (m->known[i] == MERGE_ALL) {
		m->known[i] = MERGE_SOME;
	}
	if (m->known[i] != MERGE_ALL && !is_implied(low))
		clear_bits(low);
}

/* True if all sets know the subleaves of a leaf before this one that are in the bounds. */
static bool all_know_before(const struct merge *m, uint32_t leaf, uint32_t subleaf)
{
	for (size_t i = 0; i < m->low.count; i++)
		if (m->low.at[i].leaf == leaf && m->low.at[i].subleaf < subleaf &&
		    m->known[i] != MERGE_ALL)
			return false;
	return true;
}

/*
 * No set contains the subleaf.  So those do not know it whose last leaf or subleaf says that they
 * have it: all of them, if the lowest says so, and some, if the highest does.
 */
enum merge_known merge_knows(const struct merge *m, uint32_t leaf, uint32_t subleaf)
{
	const struct cpuid_leaf *l = cpuid_find(&m->low, leaf, subleaf);

	if (l)
		return (enum merge_known)m->known[l - m->low.at];
	if (!cpuid_knows(&m->low, leaf, subleaf))
		return MERGE_NONE;
	return cpuid_knows(&m->high, leaf, subleaf) && all_know_before(m, leaf, subleaf)
	               ? MERGE_ALL
	               : MERGE_SOME;
}

/* Adds a subleaf to both bounds, if it is new; it is zero, as in the sets that know it. */
static bool insert(struct merge *m, const struct cpuid_leaf *l, uint8_t known)
{
	const size_t count = m->low.count;
	const struct cpuid_leaf *low = cpuid_insert(&m->low, l->leaf, l->subleaf);

	if (!low || !cpuid_insert(&m->high, l->leaf, l->subleaf))
		return false;
	if (m->low.count > count) {
		uint8_t *at = &m->known[low - m->low.at];

		memmove(at + 1, at, (size_t)(m->known + count - at));
		*at = known;
	}
	return true;
}

/* Adds the subleaves of a set to both bounds. */
static bool make_room(struct merge *m, const struct cpuid_set *set)
{
	uint8_t known[CPUID_SET_MAX];

	/* All before the first insertion, after which the bounds are no longer those of the sets.
	 */
	for (size_t i = 0; i < set->count; i++) {
		const struct cpuid_leaf *l = &set->at[i];

		known[i] = is_layout(l) ? MERGE_NONE : (uint8_t)merge_knows(m, l->leaf, l->subleaf);
	}
	for (size_t i = 0; i < set->count; i++)
		if (!insert(m, &set->at[i], known[i]))
			return false;
	return true;
}

static void start_with(struct merge *m, const struct cpuid_set *set)
{
	copy_set(&m->low, set);
	copy_set(&m->high, set);
	for (size_t i = 0; i < set->count; i++)
		m->known[i] = MERGE_ALL;
	m->sets = 1;
}

bool merge_add(struct merge *m, const struct cpuid_set *set)
{
	if (m->sets == 0) {
		start_with(m, set);
		return true;
	}
	if (!make_room(m, set))
		return false;
	for (size_t i = 0; i < m->low.count; i++)
		add_at(m, i, set);
	m->sets++;
	return true;
}

bool merge_add_kind(struct merge *m, const struct report *r, size_t kind)
{
	struct cpuid_set set;

	if (!report_kind_differs(r, kind))
		return report_features(&r->kind[kind], &set) && merge_add(m, &set);
	for (size_t i = 0; i < r->processors; i++) {
		if (r->processor[i].kind != kind)
			continue;
		report_processor_set(r, i, &set);
		if (!msr_add_features(&set, &r->kind[kind].control) || !merge_add(m, &set))
			return false;
	}
	return true;
}

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
		return 0;
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
	const bool unknown =
		feature_leaf(&features[need]) == XSAVE_LEAF && !cpuid_find(&m->low, XSAVE_LEAF, 0);

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

		if (is_layout(&m->low.at[i]) && (low[EAX] != high[EAX] || low[EBX] != high[EBX]))
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
		if (!is_layout(l))
			continue;
		if (xcr0 >> l->subleaf & 1)
			size = max_of(size, l->reg[EAX] + l->reg[EBX]);
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
	copy_set(baseline, &m->low);
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

bool merge_differs(const struct merge *m, enum feature_id id, uint32_t subleaf)
{
	const struct feature *f = &features[id];
	const uint32_t field = feature_mask(id);
	const enum cpuid_reg reg = (enum cpuid_reg)f->reg;

	return f->rule == RULE_SAME &&
	       (cpuid_value(&m->low, feature_leaf(f), subleaf, reg) & field) !=
	               (cpuid_value(&m->high, feature_leaf(f), subleaf, reg) & field);
}
