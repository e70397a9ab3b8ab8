/* SPDX-License-Identifier: MIT */
#include "output/level_print.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "output/color.h"

void level_judge(struct level_result *r, const struct pool *pool, const struct cpuid_set *baseline)
{
	uint8_t *has = allocate(level_features_count);

	for (size_t i = 0; i < level_features_count; i++) {
		const struct level_feature *f = &level_features[i];

		has[i] = HOST_HAS;
		if (level_misses(baseline, f, f->level))
			has[i] = explain_missing(pool, (enum feature_id)f->id) == HOST_UNKNOWN
			                 ? HOST_UNKNOWN
			                 : HOST_LACKS;
	}
	*r = (struct level_result){
		.pool = pool, .asked = LEVELS, .reached = level_of(baseline), .has = has
	};
}

void level_free(struct level_result *r)
{
	free((void *)r->has);
}

static size_t count(const struct level_result *r, unsigned level, enum host_has has)
{
	size_t found = 0;

	for (size_t i = 0; i < level_features_count; i++)
		found += level_features[i].level == level && r->has[i] == has;
	return found;
}

enum host_has level_reached(const struct level_result *r, unsigned level)
{
	if (level <= r->reached)
		return HOST_HAS;
	return count(r, level, HOST_LACKS) || !count(r, level, HOST_UNKNOWN) ? HOST_LACKS
	                                                                     : HOST_UNKNOWN;
}

/* Prints the features of a level of which has is true, or all of them, after words. */
static void print_features(const struct level_result *r, unsigned level, const enum host_has *has,
                           const char *words)
{
	for (size_t i = 0; i < level_features_count; i++) {
		if (level_features[i].level != level || (has && r->has[i] != *has))
			continue;
		printf("%s%s", words, feature_name((enum feature_id)level_features[i].id));
		words = " ";
	}
}

static void print_outcome(const struct level_result *r, unsigned level)
{
	static const enum host_has lacks = HOST_LACKS, unknown = HOST_UNKNOWN;

	printf(" ");
	switch (level_reached(r, level)) {
	case HOST_HAS:
		printf("%syes%s", color_on(TONE_GOOD), color_off());
		break;
	case HOST_UNKNOWN:
		printf("%sunknown%s, not in the report:", color_on(TONE_ODD), color_off());
		print_features(r, level, &unknown, " ");
		break;
	case HOST_LACKS:
		printf("%sno%s", color_on(TONE_BAD), color_off());
		if (!count(r, level, HOST_LACKS))
			printf(", because x86-64-v%u is not reached", level - 1);
		print_features(r, level, &lacks, ", lacks ");
		print_features(r, level, &unknown, "; not known: ");
		break;
	}
}

void level_print(const struct level_result *r)
{
	for (unsigned level = 1; level <= r->asked; level++) {
		printf("x86-64-v%u:", level);
		if (r->pool)
			print_outcome(r, level);
		else
			print_features(r, level, NULL, " ");
		putchar('\n');
	}
}
