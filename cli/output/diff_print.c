/* SPDX-License-Identifier: MIT */
#include "output/diff_print.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli.h"
#include "output/color.h"
#include "output/print.h"
#include "table/feature_names.h"
#include "table/feature_unit.h"
#include "table/msr.h"

#define WORDS    40 /* the column of values and descriptions, if names are not longer */
#define INDENTED 6  /* the column of what did not fit into the line before */

static void print_difference(const struct differ *next, enum diff_group group, const struct diff *d)
{
	char place[PLACE_MAX], values[256];
	struct text t;

	print_place(place, &next->at);
	int column = printf("  %-20s %s", next->id == F_NONE ? "(no name)" : feature_name(next->id),
	                    place);
	int gap = column < WORDS ? WORDS - column : 1;

	text_start(&t, values, sizeof(values));
	if (group > DIFF_ONLY_SECOND) {
		feature_unit_value(&t, &d->side[0].host.bounds.low, next->id, next->a);
		text_put(&t, " | ");
		feature_unit_value(&t, &d->side[1].host.bounds.low, next->id, next->b);
	}
	print_part(&column, gap, text_string(&t), INDENTED);
	print_part(&column, t.used ? 2 : gap, next->id == F_NONE ? "" : feature_about(next->id),
	           INDENTED);
	putchar('\n');
}

static void print_heading(enum diff_group group, const struct diff *d)
{
	static const char *const other[DIFF_GROUPS] = {
		[DIFF_UNSEEN] = "Differences that a VMware mask need not hide",
		[DIFF_NUMBERS] = "Numbers and layouts",
		[DIFF_EXPECTED] = "Expected differences (never compared or merged)",
	};
	const char *a = d->side[0].name, *b = d->side[1].name;

	if (group > DIFF_ONLY_SECOND)
		/* cppcheck-suppress arrayIndexOutOfBoundsCond ; no group is DIFF_GROUPS */
		printf("%s: %s | %s\n", other[group], a, b);
	else
		printf("%sOnly on %s%s (a VM started there may break on %s)\n", color_on(TONE_ODD),
		       group == DIFF_ONLY_FIRST ? a : b, color_off(),
		       group == DIFF_ONLY_FIRST ? b : a);
}

/*
 * Prints the differences of a group, with a blank line before it unless it is the first.  Returns
 * how many there are.
 */
static size_t print_group(const struct diff *d, enum diff_group group, bool first)
{
	size_t count = 0;

	for (struct differ next = { .id = F_NONE }; diff_next(&next, d, group);) {
		if (count == 0 && !first)
			putchar('\n');
		if (count++ == 0)
			print_heading(group, d);
		print_difference(&next, group, d);
		if (next.id != F_NONE && group != DIFF_EXPECTED)
			drift_setup_causes(&d->setup, 6, next.id);
	}
	return count;
}

/* Prints what both have, and a guest of one cannot use on the other.  Returns how many there are.
 */
static size_t print_lost(const struct diff *d, bool first)
{
	enum feature_id id = F_NONE, need;
	size_t count = 0;

	while (diff_next_lost(&id, d, &need)) {
		char place[PLACE_MAX];

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
static size_t print_switches(const struct diff *d, bool first)
{
	size_t count = 0;

	for (struct drift next = { .what = DRIFT_FEATURE }; diff_next_switch(&next, d);) {
		if (count++ == 0)
			printf("%s%sSwitched off by firmware%s: %s | %s\n", first ? "" : "\n",
			       color_on(TONE_ODD), color_off(), d->side[0].name, d->side[1].name);
		printf("  %-20s %-3s | %-3s  %sMSR %" PRIX32 "H %s\n", feature_name(next.id),
		       next.a ? "off" : "-", next.b ? "off" : "-",
		       next.locked ? "locked until reset, " : "", next.number,
		       msr_name(next.number));
		drift_setup_causes(&d->setup, 6, next.id);
	}
	return count;
}

void diff_print(const struct diff *d)
{
	size_t count = 0;

	for (const struct diff_side *s = d->side; s < d->side + 2; s++)
		if (s->hosts > 1)
			printf("%s is %zu hosts; it has a feature if all of them have it\n",
			       s->name, s->hosts);
		else if (s->kinds > 1)
			printf("%s has %zu kinds of processors; it has a feature if all of them "
			       "have it\n",
			       s->name, s->kinds);
	for (enum diff_group group = DIFF_ONLY_FIRST; group < DIFF_UNSEEN; group++)
		count += print_group(d, group, count == 0);
	count += print_lost(d, count == 0);
	for (enum diff_group group = DIFF_UNSEEN; group < DIFF_EXPECTED; group++)
		count += print_group(d, group, count == 0);
	count += print_switches(d, count == 0);
	if (d->all)
		print_group(d, DIFF_EXPECTED, count == 0);
	if (count == 0)
		printf("%s and %s %sdo not differ%s\n", d->side[0].name, d->side[1].name,
		       color_on(TONE_GOOD), color_off());
	else
		drift_setup_no_cause(&d->setup, 0, 1);
	drift_setup_rest(&d->setup, "\nSetup\n");
}
