/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/left_out.h"
#include "output/printing.h"
#include "output/level_print.h"

struct arguments {
	struct inputs in;
	enum printing printing;
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
		state->child_inputs[1] = &a->printing;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "need", 'n', "LEVEL", 0, "Exit with status 1 below this level", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &printing_table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL...\nLEVEL",
	.doc = "Says which of the psABI levels x86-64-v1 to x86-64-v4 a host reaches, or all hosts "
	       "of reports and pools together, and which features are missing for the next. With "
	       "a LEVEL instead of a file, prints the features that it needs; with files too, it "
	       "is the same as --need.",
	.children = children,
};

static int print(const struct arguments *a, const struct level_result *r)
{
	const bool below = r->pool && r->reached < a->need;
	const int result = inputs_exit(&a->in, below ? EXIT_NO : EXIT_YES);

	switch (a->printing) {
	case PRINT_TEXT:
		level_print(r);
		if (r->pool)
			left_out_show(r->pool);
		break;
	case PRINT_JSON:
		level_json(r, result);
		break;
	case PRINT_CSV:
		level_csv(r);
		break;
	case PRINT_NOTHING:
		break;
	}
	return result;
}

/*
 * Takes the levels out of the files, and sets level, which --need may have set before.  Returns
 * false, after a message, if there is more than one.
 */
static bool take_level(struct inputs *in, unsigned *level)
{
	bool single = true;
	int files = 0;

	for (int i = 0; i < in->count; i++) {
		const unsigned named = level_named(in->file[i]);

		if (!named) {
			in->file[files++] = in->file[i];
			continue;
		}
		if (single && *level) {
			trouble(in->file[i], "one level at a time");
			single = false;
		}
		*level = named;
		free((char *)in->file[i]);
	}
	in->count = files;
	return single;
}

int command_level(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct merge *m = allocate(sizeof(*m));
	static struct cpuid_set baseline;
	struct pool *pool = NULL;
	int result = EXIT_TROUBLE;

	a->in.min = 1;
	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	struct level_result r = { 0 };
	const bool single = take_level(&a->in, &a->need);
	if (single && !a->in.count)
		r.asked = a->need;
	else if (single && (pool = gather_merged(&a->in, m, &baseline)))
		level_judge(&r, pool, &baseline);
	if (r.asked)
		result = print(a, &r);
	level_free(&r);
	load_pool_free(pool);
	free(m);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
