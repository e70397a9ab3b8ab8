/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "compare/drift.h"
#include "compare/merge.h"
#include "input/load.h"
#include "mask/mask_bits.h"
#include "output/caveats.h"
#include "output/drift_setup.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/msr.h"
#include "table/vmware.h"

struct arguments {
	struct inputs in;
	bool all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'a':
		a->all = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "all", 'a', NULL, 0,
	  "Also name expected differences: APIC IDs, mirrors of CR4, brand strings", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT REPORT",
	.doc = "Names the features in which two hosts differ, in both directions, and the features "
	       "that the firmware of only one host has switched off. Exit status: 0 no "
	       "difference, 1 a difference.",
	.children = inputs_children,
};

/* The name of a host and what is compared of it. */
struct side {
	char name[PRINTABLE_MAX];
	struct drift_host host;
	struct option_host setup;
	struct caveat caveat;
};

static bool load_side(const char *path, const struct trust *trust, struct side *s)
{
	struct loaded l;
	bool ok;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	ok = drift_take(&s->host, l.report);
	if (!ok)
		trouble(path, err_text(ERR_MANY_LEAVES));
	if (!option_host_take(&s->setup, l.report))
		out_of_memory();
	printable(s->name, sizeof(s->name), l.name);
	caveat_take(&s->caveat, s->name, l.report);
	if (l.report->kinds > 1)
		printf("%s has %zu kinds of processors; it has a feature if all of them have it\n",
		       s->name, l.report->kinds);
	load_free(&l);
	return ok;
}

/* The groups of differences, in the order of printing. */
enum group { ONLY_FIRST, ONLY_SECOND, UNSEEN, NUMBERS, EXPECTED, GROUPS };

/*
 * A guest may use what its host shows it, so a mask must hide what only one host has.  Other bits a
 * guest does not see, or sees with the same value on all hosts, or may see where they are set.
 */
static enum group group_of(const struct differ *d)
{
	const struct feature *f = &features[d->id];

	if (differ_expected(d))
		return EXPECTED;
	if (d->at.low != d->at.high ||
	    (d->id != F_NONE && (f->rule == RULE_MIN || f->kind == KIND_FIELD)))
		return NUMBERS;
	if (d->id == F_NONE || mask_vmx_covers(d->id, VMWARE_HW_MAX))
		return d->a ? ONLY_FIRST : ONLY_SECOND;
	return UNSEEN;
}

/* The setup options of both, as drift_setup.h wants them. */
struct setups {
	struct fleet fleet;
	struct drifter *at[2];
	struct drift_setup both;
};

static void setups_start(struct setups *s, struct side side[static 2])
{
	s->fleet = (struct fleet){ 2, s->at };
	for (size_t i = 0; i < 2; i++) {
		s->at[i] = allocate(sizeof(*s->at[i]));
		s->at[i]->name = side[i].name;
		s->at[i]->setup = side[i].setup;
		s->at[i]->cluster = i;
	}
	drift_setup_start(&s->both, &s->fleet, 0);
	drift_setup_sides(&s->both, 0);
	s->both.unlike = !drift_same_type(&side[0].host, &side[1].host);
	s->both.here = side[0].name;
	s->both.there = side[1].name;
}

static void setups_free(struct setups *s)
{
	drift_setup_free(&s->both);
	free(s->at[0]);
	free(s->at[1]);
}

#define WORDS    40 /* the column of values and descriptions, if names are not longer */
#define INDENTED 6  /* the column of what did not fit into the line before */

static void print_difference(const struct differ *d, enum group group, const struct side *a,
                             const struct side *b)
{
	char place[PLACE_MAX], values[256];
	struct text t;

	print_place(place, &d->at);
	int column =
		printf("  %-20s %s", d->id == F_NONE ? "(no name)" : feature_name(d->id), place);
	int gap = column < WORDS ? WORDS - column : 1;

	text_start(&t, values, sizeof(values));
	if (group == UNSEEN || group == NUMBERS || group == EXPECTED) {
		feature_unit_value(&t, &a->host.bounds.low, d->id, d->a);
		text_put(&t, " | ");
		feature_unit_value(&t, &b->host.bounds.low, d->id, d->b);
	}
	print_part(&column, gap, text_string(&t), INDENTED);
	print_part(&column, t.used ? 2 : gap, d->id == F_NONE ? "" : feature_about(d->id),
	           INDENTED);
	putchar('\n');
}

/*
 * Prints the differences of a group, with a blank line before it unless it is the first.  Returns
 * how many there are.
 */
static size_t print_group(const struct side *a, const struct side *b, const struct setups *s,
                          enum group group, bool first)
{
	static const char *const other[GROUPS] = {
		[UNSEEN] = "Differences that a VMware mask need not hide",
		[NUMBERS] = "Numbers and layouts",
		[EXPECTED] = "Expected differences (never compared or merged)",
	};
	size_t count = 0;

	for (struct differ d = { .id = F_NONE };
	     differ_next(&d, &a->host.bounds.low, &b->host.bounds.low);) {
		if (group_of(&d) != group || !drift_both_know(&a->host, &b->host, &d.at))
			continue;
		if (count++ == 0 && !first)
			putchar('\n');
		if (count == 1 && group <= ONLY_SECOND)
			printf("Only on %s (a VM started there may break on %s)\n",
			       group == ONLY_FIRST ? a->name : b->name,
			       group == ONLY_FIRST ? b->name : a->name);
		else if (count == 1)
			printf("%s: %s | %s\n", other[group], a->name, b->name);
		print_difference(&d, group, a, b);
		if (d.id != F_NONE && group != EXPECTED)
			drift_setup_causes(&s->both, 6, d.id);
	}
	return count;
}

/* The two hosts together, as mask.h wants them, and what a guest can use on each. */
struct both {
	struct merge merge;
	struct cpuid_set baseline, on_a, on_b;
	struct mask mask;
};

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
static bool fill(struct cpuid_set *set, const struct side *s, const struct side *other)
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

/* Adds a host to the merge of both, and sets *baseline to what a guest can use on it alone. */
static bool take_one(struct merge *both, struct cpuid_set *baseline, const struct side *s,
                     const struct side *other)
{
	struct cpuid_set set;
	struct merge one;

	merge_start(&one);
	const bool ok = fill(&set, s, other) && merge_add(&one, &set) && merge_add(both, &set);
	merge_baseline(&one, baseline);
	return ok;
}

static bool take_both(struct both *both, const struct side *a, const struct side *b)
{
	merge_start(&both->merge);
	if (!take_one(&both->merge, &both->on_a, a, b) ||
	    !take_one(&both->merge, &both->on_b, b, a))
		return false;
	merge_baseline(&both->merge, &both->baseline);
	both->mask = (struct mask){ .seen = &both->merge.high,
		                    .baseline = &both->baseline,
		                    .every = &both->merge.low,
		                    .hw = VMWARE_HW_MAX };
	return true;
}

/* Returns a need that is not on both hosts, or F_NONE. */
static enum feature_id missing_need(const struct both *both, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (!feature_value(&both->baseline, (enum feature_id)need[0]))
			return (enum feature_id)need[0];
	return F_NONE;
}

/* True if both hosts have a feature, and a guest of one cannot use it on the other. */
static bool is_lost(const struct both *both, enum feature_id id)
{
	return feature_value(&both->merge.low, id) && mask_vmx_hides(&both->mask, id) &&
	       (feature_value(&both->on_a, id) || feature_value(&both->on_b, id));
}

/* Prints the features of is_lost.  Returns how many there are. */
static size_t print_lost(const struct both *both, bool first)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const enum feature_id need = missing_need(both, id);
		char place[PLACE_MAX];

		if (!is_lost(both, id))
			continue;
		if (count++ == 0)
			printf("%sOn both, but a mask hides it too\n", first ? "" : "\n");
		int column = printf("  %-20s %s", feature_name(id), print_row_place(place, id));
		const int gap = column < WORDS ? WORDS - column : 1;
		print_part(&column, gap, need == F_NONE ? "another layout" : "needs ", INDENTED);
		printf("%s\n", feature_name(need));
	}
	return count;
}

/*
 * Prints the features that the firmware of only one host has switched off, as model-specific
 * registers say.  Returns how many there are.
 */
static size_t print_switches(const struct side *a, const struct side *b, const struct setups *s,
                             bool first)
{
	size_t count = 0;

	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, &a->host, &b->host);) {
		if (d.what != DRIFT_SWITCH)
			continue;
		if (count++ == 0)
			printf("%sSwitched off by firmware: %s | %s\n", first ? "" : "\n", a->name,
			       b->name);
		printf("  %-20s %-3s | %-3s  %sMSR %" PRIX32 "H %s\n", feature_name(d.id),
		       d.a ? "off" : "-", d.b ? "off" : "-", d.locked ? "locked until reset, " : "",
		       d.number, msr_name(d.number));
		drift_setup_causes(&s->both, 6, d.id);
	}
	return count;
}

static int print_sides(const struct side *a, const struct side *b, const struct both *both,
                       const struct setups *s, bool all)
{
	size_t count = 0;

	for (enum group group = ONLY_FIRST; group < UNSEEN; group++)
		count += print_group(a, b, s, group, count == 0);
	count += print_lost(both, count == 0);
	for (enum group group = UNSEEN; group < EXPECTED; group++)
		count += print_group(a, b, s, group, count == 0);
	count += print_switches(a, b, s, count == 0);
	if (all)
		print_group(a, b, s, EXPECTED, count == 0);
	if (count == 0)
		printf("%s and %s do not differ\n", a->name, b->name);
	else
		drift_setup_no_cause(&s->both, 0, 1);
	drift_setup_rest(&s->both, "\nSetup\n");
	if (!output_write("", 0))
		return EXIT_TROUBLE;
	return count ? EXIT_NO : EXIT_YES;
}

static int compare_sides(struct side side[static 2], const char *path, bool all)
{
	struct setups setups;
	struct caveat caveats[] = { side[0].caveat, side[1].caveat };
	struct both *both = allocate(sizeof(*both));
	int result = EXIT_TROUBLE;

	caveats_print(caveats, 2);
	setups_start(&setups, side);
	if (take_both(both, &side[0], &side[1]))
		result = print_sides(&side[0], &side[1], both, &setups, all);
	else
		trouble(path, err_text(ERR_MANY_LEAVES));
	setups_free(&setups);
	free(both);
	return result;
}

int command_diff(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct side *side = allocate(2 * sizeof(*side));
	int result = EXIT_TROUBLE;

	a->in.min = a->in.max = 2;
	arguments_parse(&argp, argc, argv, a);
	if (load_side(a->in.file[0], &a->in.trust, &side[0]) &&
	    load_side(a->in.file[1], &a->in.trust, &side[1]))
		result = compare_sides(side, a->in.file[1], a->all);
	option_host_free(&side[0].setup);
	option_host_free(&side[1].setup);
	free(side);
	free(a);
	return result;
}
