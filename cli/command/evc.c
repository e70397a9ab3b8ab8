/* SPDX-License-Identifier: MIT */
#include "input/evc_modes.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "fleet/evc_reach.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/printing.h"
#include "output/evc_print.h"

struct arguments {
	struct inputs in;
	enum printing printing;
	const char *import;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'i':
		a->import = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "import", 'i', "FILE", 0,
	  "Use a vCenter's own list of modes instead of the built-in one: JSON from PowerCLI, govc "
	  "or the REST interface, see cpulevel-evc(1). - is standard input",
	  0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &printing_json_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[MODE [MODE]|REPORT|POOL]",
	.doc = "Without arguments, lists the known EVC modes of VMware. With one MODE, says what "
	       "it guarantees; with two, in what they differ (exit status 1 if they do). With a "
	       "REPORT or a POOL, names the highest mode that it qualifies for, and what keeps it "
	       "from the next mode within reach (exit status 1 if it qualifies for none). Every "
	       "answer names its weakest source. The built-in list is not a vCenter's own; use "
	       "--import for that.",
	.children = children,
};

static int show_mode(const struct evc *mode, enum printing printing)
{
	if (printing == PRINT_TEXT)
		evc_print_mode(mode);
	if (printing == PRINT_JSON)
		evc_json_mode(mode);
	return EXIT_YES;
}

static int show_difference(const struct evc *a, const struct evc *b, enum printing printing)
{
	const int result = evc_differ(a, b) ? EXIT_NO : EXIT_YES;

	if (printing == PRINT_TEXT)
		evc_print_difference(a, b);
	if (printing == PRINT_JSON)
		evc_json_difference(a, b, result);
	return result;
}

static int show_hosts(const struct evc_modes *modes, const char *path, const struct arguments *a)
{
	static struct cpuid_set baseline;
	struct evc_hosts h = { .file = path, .baseline = &baseline };

	struct merge *m = allocate(sizeof(*m));
	struct pool *pool = gather_merged(path, &a->in.trust, m, &baseline);
	free(m);
	if (!pool)
		return EXIT_TROUBLE;
	h.pool = pool;
	h.highest = evc_highest(modes->at, modes->count, pool, &baseline, &h.next, &h.above);
	const int result = h.highest ? EXIT_YES : EXIT_NO;
	if (a->printing == PRINT_TEXT)
		evc_print_hosts(&h);
	if (a->printing == PRINT_JSON)
		evc_json_hosts(&h, result);
	load_pool_free(pool);
	return result;
}

static int list(const struct evc_modes *modes, enum printing printing)
{
	if (printing == PRINT_TEXT)
		evc_print_modes(modes->at, modes->count);
	if (printing == PRINT_JSON)
		evc_json_modes(modes->at, modes->count);
	return EXIT_YES;
}

static int run(const struct evc_modes *modes, const struct arguments *a)
{
	const struct inputs *in = &a->in;
	static const char no_file[] = "neither a known EVC mode nor a file";
	const char *first = in->count ? in->file[0] : NULL;

	if (!first)
		return list(modes, a->printing);
	if (in->count == 1 && !evc_find(modes->at, modes->count, first) &&
	    (strcmp(first, "-") == 0 || access(first, F_OK) == 0))
		return show_hosts(modes, first, a);
	const struct evc *mode = evc_modes_find(modes, first, no_file);
	if (!mode)
		return EXIT_TROUBLE;
	if (in->count == 1)
		return show_mode(mode, a->printing);
	const struct evc *other = evc_modes_find(modes, in->file[1], no_file);
	return other ? show_difference(mode, other, a->printing) : EXIT_TROUBLE;
}

int command_evc(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct evc_modes modes;
	int result = EXIT_TROUBLE;

	a->in.max = 2;
	arguments_parse(&argp, argc, argv, a);
	if (evc_modes_load(a->import, &modes)) {
		result = run(&modes, a);
		evc_modes_free(&modes);
	}
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
