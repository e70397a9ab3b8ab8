/* SPDX-License-Identifier: MIT */
#include "fleet/explain.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/load.h"
#include "table/level.h"

struct arguments {
	struct inputs in;
	unsigned need;
};

static const char level_names[] = "x86-64-v1, x86-64-v2, x86-64-v3, x86-64-v4";

/* Returns 1 to LEVELS for "x86-64-v3", "v3" or "3", else 0. */
static unsigned level_named(const char *name)
{
	if (strncmp(name, "x86-64-", 7) == 0)
		name += 7;
	if (*name == 'v')
		name++;
	return *name >= '1' && *name < '1' + LEVELS && !name[1] ? (unsigned)(*name - '0') : 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'n':
		a->need = level_named(arg);
		if (!a->need)
			arguments_unknown(state, "--need", "level", arg, level_names);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "need", 'n', "LEVEL", 0, "Exit with status 1 below this level", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL|LEVEL",
	.doc = "Says which of the psABI levels x86-64-v1 to x86-64-v4 a host reaches, or all hosts "
	       "of a pool together, and which features are missing for the next. With a LEVEL "
	       "instead of a file, prints the features that it needs.",
	.children = inputs_pool_children,
};

static void print_level(unsigned level)
{
	for (unsigned i = 1; i <= level; i++) {
		printf("x86-64-v%u:", i);
		for (size_t k = 0; k < level_features_count; k++)
			if (level_features[k].level == i)
				printf(" %s", feature_name((enum feature_id)level_features[k].id));
		putchar('\n');
	}
}

/*
 * Prints the features of a level that are not in the baseline: those that a host lacks, or those
 * that no host is known to lack.  Returns how many there are.
 */
static size_t print_missing(const struct cpuid_set *set, const struct pool *pool, unsigned level,
                            enum host_has has, const char *words)
{
	size_t count = 0;

	for (size_t i = 0; i < level_features_count; i++) {
		const struct level_feature *f = &level_features[i];
		const enum feature_id id = (enum feature_id)f->id;

		if (level_misses(set, f, level) &&
		    (explain_missing(pool, id) == HOST_UNKNOWN) == (has == HOST_UNKNOWN))
			printf("%s%s", count++ ? " " : words, feature_name(id));
	}
	return count;
}

static void print_set(const struct cpuid_set *set, const struct pool *pool)
{
	const unsigned reached = level_of(set);

	for (unsigned level = 1; level <= LEVELS; level++) {
		printf("x86-64-v%u: ", level);
		if (level <= reached)
			printf("yes");
		else if (print_missing(set, pool, level, HOST_LACKS, "no, lacks "))
			print_missing(set, pool, level, HOST_UNKNOWN, "; not known: ");
		else if (!print_missing(set, pool, level, HOST_UNKNOWN,
		                        "unknown, not in the report: "))
			printf("no, because x86-64-v%u is not reached", level - 1);
		putchar('\n');
	}
}

int command_level(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct merge *m = allocate(sizeof(*m));
	static struct cpuid_set baseline;
	struct pool *pool = NULL;
	int result = EXIT_TROUBLE;

	a->in.min = a->in.max = 1;
	arguments_parse(&argp, argc, argv, a);
	if (level_named(a->in.file[0])) {
		print_level(level_named(a->in.file[0]));
		result = EXIT_YES;
	} else if ((pool = load_merged(a->in.file[0], &a->in.trust, m, &baseline))) {
		print_set(&baseline, pool);
		result = level_of(&baseline) < a->need ? EXIT_NO : EXIT_YES;
	}
	load_pool_free(pool);
	free(m);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
