/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <stdlib.h>

#include "output/diff_print.h"
#include "table/vmware.h"

/*
 * A guest may use what its host shows it, so a mask must hide what only one host has.  Other bits a
 * guest does not see, or sees with the same value on all hosts, or may see where they are set.
 */
static enum diff_group group_of(const struct differ *d)
{
	const struct feature *f = &features[d->id];

	if (differ_expected(d))
		return DIFF_EXPECTED;
	if (d->at.low != d->at.high ||
	    (d->id != F_NONE && (f->rule == RULE_MIN || f->kind == KIND_FIELD)))
		return DIFF_NUMBERS;
	if (d->id == F_NONE || mask_vmx_covers(d->id, VMWARE_HW_MAX))
		return d->a ? DIFF_ONLY_FIRST : DIFF_ONLY_SECOND;
	return DIFF_UNSEEN;
}

bool diff_next(struct differ *next, const struct diff *d, enum diff_group group)
{
	const struct drift_host *a = &d->side[0].host, *b = &d->side[1].host;

	while (differ_next(next, &a->bounds.low, &b->bounds.low))
		if (group_of(next) == group && drift_both_know(a, b, &next->at))
			return true;
	return false;
}

bool diff_next_switch(struct drift *next, const struct diff *d)
{
	while (drift_next(next, &d->side[0].host, &d->side[1].host))
		if (next->what == DRIFT_SWITCH)
			return true;
	return false;
}

/* Sets *ret to the bits of a leaf that a host does not say.  Returns false if there are none. */
static bool unknown_of(struct cpuid_leaf *ret, const struct merge *m, const struct cpuid_leaf *l)
{
	uint32_t any = 0;

	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		ret->reg[reg] = merge_unknown(m, l->leaf, l->subleaf, (enum cpuid_reg)reg);
		any |= ret->reg[reg];
	}
	return any;
}

/* What a report does not say is taken to be as on the other host: that is no difference. */
static bool fill(struct cpuid_set *set, const struct diff_side *s, const struct diff_side *other)
{
	const struct cpuid_set *from = &other->host.bounds.low;

	*set = s->host.bounds.low;
	for (const struct cpuid_leaf *l = from->at; l < from->at + from->count; l++) {
		struct cpuid_leaf unknown;

		if (!unknown_of(&unknown, &s->host.bounds, l))
			continue;
		struct cpuid_leaf *own = cpuid_insert(set, l->leaf, l->subleaf);
		if (!own)
			return false;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			own->reg[reg] |= l->reg[reg] & unknown.reg[reg];
			own->unknown[reg] = l->unknown[reg] & unknown.reg[reg];
		}
	}
	return true;
}

/* Adds a host to the merge of both, and sets what a guest can use on it alone. */
static bool take_one(struct diff *d, size_t i)
{
	struct cpuid_set set;
	struct merge one;

	merge_start(&one);
	const bool ok = fill(&set, &d->side[i], &d->side[1 - i]) && merge_add(&one, &set) &&
	                merge_add(&d->merge, &set);
	merge_baseline(&one, &d->alone[i]);
	return ok;
}

/* Returns a need that is not on both hosts, or F_NONE. */
static enum feature_id missing_need(const struct diff *d, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (!feature_value(&d->baseline, (enum feature_id)need[0]))
			return (enum feature_id)need[0];
	return F_NONE;
}

static bool is_lost(const struct diff *d, enum feature_id id)
{
	return feature_value(&d->merge.low, id) && mask_vmx_hides(&d->mask, id) &&
	       (feature_value(&d->alone[0], id) || feature_value(&d->alone[1], id));
}

bool diff_next_lost(enum feature_id *id, const struct diff *d, enum feature_id *ret_need)
{
	for (unsigned i = *id + 1U; i < F_COUNT; i++) {
		if (!is_lost(d, (enum feature_id)i))
			continue;
		*id = (enum feature_id)i;
		*ret_need = missing_need(d, *id);
		return true;
	}
	return false;
}

bool diff_any(const struct diff *d)
{
	enum feature_id id = F_NONE, need;

	for (enum diff_group group = DIFF_ONLY_FIRST; group < DIFF_EXPECTED; group++)
		if (diff_next(&(struct differ){ .id = F_NONE }, d, group))
			return true;
	return diff_next_lost(&id, d, &need) ||
	       diff_next_switch(&(struct drift){ .what = DRIFT_FEATURE }, d);
}

static void start_setup(struct diff *d)
{
	d->fleet = (struct fleet){ .count = 2, .at = d->at };
	for (size_t i = 0; i < 2; i++) {
		d->at[i] = allocate(sizeof(*d->at[i]));
		d->at[i]->name = d->side[i].name;
		d->at[i]->setup = &d->side[i].setup;
		d->at[i]->cluster = i;
	}
	drift_link(&d->fleet);
	drift_setup_start(&d->setup, &d->fleet, 0);
	drift_setup_sides(&d->setup, 0);
	d->setup.unlike = !drift_same_type(&d->side[0].host, &d->side[1].host);
	d->setup.here = d->side[0].name;
	d->setup.there = d->side[1].name;
}

bool diff_start(struct diff *d)
{
	start_setup(d);
	merge_start(&d->merge);
	if (!take_one(d, 0) || !take_one(d, 1))
		return false;
	merge_baseline(&d->merge, &d->baseline);
	d->mask = (struct mask){ .seen = &d->merge.high,
		                 .baseline = &d->baseline,
		                 .every = &d->merge.low,
		                 .hw = VMWARE_HW_MAX };
	return true;
}

void diff_end(struct diff *d)
{
	drift_setup_free(&d->setup);
	free(d->at[0]);
	free(d->at[1]);
}
