/* SPDX-License-Identifier: MIT */
#include "compare/merge.h"

#include "base/mem.h"
#include "cpuid/subleaves.h"
#include "table/msr.h"

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

/* One register of one subleaf: both bounds, and what a set has there. */
struct bounds {
	uint32_t *low, *high;
	uint32_t *some, *none; /* bits that some set does not say, and that no set does */
	uint32_t value, unknown;
};

/* Widens the bounds of the number in some bits.  Returns the bits if the number is unknown. */
static uint32_t add_number(const struct bounds *b, uint32_t field)
{
	const uint32_t value = b->value & field;

	if (b->unknown & field)
		return field;
	const bool first = *b->none & field;
	*b->low = (*b->low & ~field) | (first ? value : min_of(*b->low & field, value));
	*b->high = (*b->high & ~field) | (first ? value : max_of(*b->high & field, value));
	return 0;
}

/*
 * Widens the bounds of a register by what a set has there; its rows are count from start on.  keep:
 * unknown bits do not lower it.
 */
static void add_register(const struct bounds *b, size_t start, size_t count, bool keep)
{
	uint32_t numbers = 0, unknown = b->unknown;

	for (size_t id = start; id < start + count; id++) {
		const uint32_t field = number_bits((enum feature_id)id);

		numbers |= field;
		unknown |= field ? add_number(b, field) : 0;
	}
	const uint32_t bits = ~numbers & ~unknown, first = bits & *b->none;
	*b->low = (*b->low & (b->value | ~bits | first)) | (b->value & first);
	*b->high |= b->value & bits;
	*b->some |= unknown;
	*b->none &= unknown;
	if (!keep)
		*b->low &= ~*b->some | numbers;
}

static void copy_set(struct cpuid_set *to, const struct cpuid_set *from)
{
	to->count = from->count;
	memcpy(to->at, from->at, from->count * sizeof(from->at[0]));
}

/*
 * True if a set says what is in a subleaf.  One without the subleaf of an extended state does not
 * say the layout of that state, also if the processor lacks it.  Nor does one that has XSAVE say
 * that there is no leaf 0DH, whatever its last leaf is.
 */
static bool is_known(const struct cpuid_set *set, const struct cpuid_leaf *at)
{
	if (subleaves_layout(at))
		return cpuid_find(set, SUBLEAVES_XSAVE, at->subleaf) != NULL;
	if (at->leaf == SUBLEAVES_XSAVE && feature_value(set, F_XSAVE))
		return cpuid_find(set, SUBLEAVES_XSAVE, 0) &&
		       cpuid_knows(set, at->leaf, at->subleaf);
	return cpuid_knows(set, at->leaf, at->subleaf);
}

/* True if other leaves say which bits of the subleaf a processor has. */
static bool is_implied(const struct cpuid_leaf *at)
{
	return at->leaf == SUBLEAVES_XSAVE && at->subleaf != 1;
}

/* Adds what a set has in one subleaf, at an index of both bounds. */
static void add_at(struct merge *m, size_t i, const struct cpuid_set *set)
{
	struct cpuid_leaf *low = &m->low.at[i], *high = &m->high.at[i];
	const struct cpuid_leaf *l = cpuid_find(set, low->leaf, low->subleaf);
	const uint32_t absent = is_known(set, low) ? 0 : UINT32_MAX;
	size_t left, id = feature_subleaf_rows(low->leaf, low->subleaf, &left);

	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		size_t rows;
		const size_t start = feature_next_register(&id, &left, (enum cpuid_reg)reg, &rows);
		const struct bounds b = { &low->reg[reg],      &high->reg[reg],
			                  &low->unknown[reg],  &high->unknown[reg],
			                  l ? l->reg[reg] : 0, l ? l->unknown[reg] : absent };

		add_register(&b, start, rows, is_implied(low));
	}
}

static bool all_unknown(const struct cpuid_leaf *l)
{
	return (l->unknown[EAX] & l->unknown[EBX] & l->unknown[ECX] & l->unknown[EDX]) ==
	       UINT32_MAX;
}

/* True if all sets know the subleaves of a leaf before this one that are in the bounds. */
static bool all_know_before(const struct merge *m, uint32_t leaf, uint32_t subleaf)
{
	for (const struct cpuid_leaf *l = m->low.at; l < m->low.at + m->low.count; l++)
		if (l->leaf == leaf && l->subleaf < subleaf && all_unknown(l))
			return false;
	return true;
}

/* How many of the sets say what they have in a subleaf. */
enum known { KNOWN_NONE, KNOWN_SOME, KNOWN_ALL };

/* True if a bound says XSAVE, and no set has leaf 0DH: see is_known. */
static bool lacks_states(const struct merge *m, const struct cpuid_set *bound, uint32_t leaf)
{
	return leaf == SUBLEAVES_XSAVE && !cpuid_find(&m->low, SUBLEAVES_XSAVE, 0) &&
	       feature_value(bound, F_XSAVE);
}

/*
 * Of a subleaf that no set contains.  Those do not know it whose last leaf or subleaf says that
 * they have it, or is unknown: all of them, if the lowest says so or none says anything; and some,
 * if the highest does or some say nothing.
 */
static enum known knows_absent(const struct merge *m, uint32_t leaf, uint32_t subleaf)
{
	if (!cpuid_knows_with(&m->low, &m->high, leaf, subleaf) || lacks_states(m, &m->low, leaf))
		return KNOWN_NONE;
	return cpuid_knows_with(&m->high, &m->low, leaf, subleaf) &&
	                       all_know_before(m, leaf, subleaf) && !lacks_states(m, &m->high, leaf)
	               ? KNOWN_ALL
	               : KNOWN_SOME;
}

uint32_t merge_unknown(const struct merge *m, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	const struct cpuid_leaf *l = cpuid_find(&m->low, leaf, subleaf);

	if (l)
		return l->unknown[reg];
	return knows_absent(m, leaf, subleaf) == KNOWN_ALL ? 0 : UINT32_MAX;
}

bool merge_knows(const struct merge *m, const struct place *at)
{
	return !(merge_unknown(m, at->leaf, at->subleaf, at->reg) & place_mask(at->low, at->high));
}

/* Adds a subleaf to both bounds, if it is new; it is zero, as in the sets that know it. */
static bool insert(struct merge *m, const struct cpuid_leaf *at, enum known known)
{
	const size_t count = m->low.count;
	struct cpuid_leaf *low = cpuid_insert(&m->low, at->leaf, at->subleaf);
	struct cpuid_leaf *high = cpuid_insert(&m->high, at->leaf, at->subleaf);

	if (!low || !high)
		return false;
	for (unsigned reg = 0; reg < CPUID_REGS && m->low.count > count; reg++) {
		low->unknown[reg] = known == KNOWN_ALL ? 0 : UINT32_MAX;
		high->unknown[reg] = known == KNOWN_NONE ? UINT32_MAX : 0;
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
		const bool has = cpuid_find(&m->low, l->leaf, l->subleaf) != NULL;

		known[i] = KNOWN_NONE;
		if (!has && !subleaves_layout(l))
			known[i] = (uint8_t)knows_absent(m, l->leaf, l->subleaf);
	}
	for (size_t i = 0; i < set->count; i++)
		if (!insert(m, &set->at[i], (enum known)known[i]))
			return false;
	return true;
}

/* Widens the unknown bits of a set to whole numbers. */
static void widen_unknown(struct cpuid_leaf *l)
{
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		size_t count;
		const enum feature_id start =
			feature_register(l->leaf, l->subleaf, (enum cpuid_reg)reg, &count);

		for (size_t id = start; l->unknown[reg] && id < start + count; id++) {
			const uint32_t field = number_bits((enum feature_id)id);

			l->unknown[reg] |= l->unknown[reg] & field ? field : 0;
		}
		l->reg[reg] &= ~l->unknown[reg];
	}
}

static void start_with(struct merge *m, const struct cpuid_set *set)
{
	copy_set(&m->low, set);
	for (size_t i = 0; i < set->count; i++)
		widen_unknown(&m->low.at[i]);
	copy_set(&m->high, &m->low);
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

bool merge_differs(const struct merge *m, enum feature_id id, uint32_t subleaf)
{
	const struct feature *f = &features[id];
	const uint32_t field = feature_mask(id);
	const enum cpuid_reg reg = (enum cpuid_reg)f->reg;

	return f->rule == RULE_SAME &&
	       (cpuid_value(&m->low, feature_leaf(f), subleaf, reg) & field) !=
	               (cpuid_value(&m->high, feature_leaf(f), subleaf, reg) & field);
}
