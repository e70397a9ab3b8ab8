/* SPDX-License-Identifier: MIT */
#include "output/feature_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "cli.h"
#include "output/glance.h"
#include "output/print.h"
#include "table/feature_copy.h"
#include "table/feature_names.h"

/* The column of the sentences. */
#define SENTENCE 22

#define UNNAMED_MAX (sizeof(((struct feature_list *)0)->unnamed_at) / sizeof(struct place))

static void take_unnamed(struct feature_list *list, const struct cpuid_leaf *l, enum cpuid_reg reg)
{
	for (unsigned bit = 0; bit < 32; bit++)
		if (l->reg[reg] >> bit & 1 && feature_at(l->leaf, l->subleaf, reg, bit) == F_NONE &&
		    list->unnamed < UNNAMED_MAX)
			list->unnamed_at[list->unnamed++] =
				place_bit(l->leaf, l->subleaf, reg, bit);
}

void feature_list_take(struct feature_list *list, const struct cpuid_set *set)
{
	*list = (struct feature_list){ 0 };
	for (size_t id = F_NONE + 1; id < F_COUNT; id++) {
		const enum feature_id original = feature_copy_of((enum feature_id)id);

		list->has[id] = feature_group((enum feature_id)id) != G_COUNT &&
		                feature_value(set, (enum feature_id)id) &&
		                !(original != F_NONE && feature_value(set, original));
	}
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			size_t count;

			/* Where no bit has a name, the register is no list of features. */
			feature_register(l->leaf, l->subleaf, (enum cpuid_reg)reg, &count);
			if (count)
				take_unnamed(list, l, (enum cpuid_reg)reg);
		}
}

void feature_list_keep(struct feature_list *list, const struct feature_list *other)
{
	for (size_t id = 0; id < F_COUNT; id++)
		list->has[id] = list->has[id] && other->has[id];
}

void feature_list_drop(struct feature_list *list, const struct feature_list *other)
{
	for (size_t id = 0; id < F_COUNT; id++)
		list->has[id] = list->has[id] && !other->has[id];
}

static void print_feature(enum feature_id id)
{
	int column = printf("  %-*s", SENTENCE - 3, feature_name(id));
	const char *about = feature_sentence(id);

	if (column >= SENTENCE) {
		printf("\n%*s", SENTENCE - 1, "");
		column = SENTENCE - 1;
	}
	while (*about) {
		const size_t size = strcspn(about, " ");
		char word[128];

		snprintf(word, sizeof(word), "%.*s", (int)size, about);
		print_part(&column, 1, word, SENTENCE);
		about += size + strspn(about + size, " ");
	}
	putchar('\n');
}

void feature_list_print(const struct feature_list *list)
{
	for (unsigned group = 0; group < G_COUNT; group++) {
		bool first = true;

		for (size_t id = F_NONE + 1; id < F_COUNT; id++) {
			if (!list->has[id] ||
			    feature_group((enum feature_id)id) != (enum feature_group)group)
				continue;
			if (first)
				printf("\n%s\n", feature_group_title((enum feature_group)group));
			first = false;
			print_feature((enum feature_id)id);
		}
	}
	if (!list->unnamed)
		return;
	printf("\nBits that are set and have no name here\n ");
	int column = 1;
	for (size_t i = 0; i < list->unnamed; i++) {
		char place[PLACE_MAX];

		print_part(&column, 1, print_place(place, &list->unnamed_at[i]), 2);
	}
	putchar('\n');
}

static bool is_empty(const struct feature_list *list)
{
	for (size_t id = 0; id < F_COUNT; id++)
		if (list->has[id])
			return false;
	return true;
}

static void print_whose(const struct report *r, size_t kind)
{
	uint32_t member[REPORT_PROCESSORS_MAX];
	const size_t members = report_members(r, kind, member);
	static char buffer[65536];
	const char *core = glance_core(r, &r->kind[kind]);
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	lines_list_write(&t, members == 1 ? "Only on processor" : "Only on processors", member,
	                 members);
	printf("\n%s", text_string(&t));
	if (*core)
		printf("(%ss)\n", core);
}

void feature_list_print_report(const struct report *r)
{
	struct feature_list *list = allocate(r->kinds * sizeof(*list) + 1);
	struct feature_list *common = allocate(sizeof(*common));
	struct cpuid_set *set = allocate(sizeof(*set));

	for (size_t i = 0; i < r->kinds; i++) {
		if (!report_features(&r->kind[i], set))
			*set = r->kind[i].set;
		feature_list_take(&list[i], set);
		if (i == 0)
			*common = list[0];
		else
			feature_list_keep(common, &list[i]);
	}
	feature_list_print(common);
	for (size_t i = 0; i < r->kinds; i++) {
		feature_list_drop(&list[i], common);
		list[i].unnamed = 0;
		if (is_empty(&list[i]))
			continue;
		print_whose(r, i);
		feature_list_print(&list[i]);
	}
	free(set);
	free(common);
	free(list);
}
