/* SPDX-License-Identifier: MIT */
#include "input/evc_modes.h"

#include <argp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/evc_reach.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/left_out.h"
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
	.args_doc = "[MODE [MODE]]\nREPORT|POOL... [MODE]",
	.doc = "Without arguments, lists the known EVC modes of VMware. With one MODE, says "
	       "what it guarantees; with two, in what they differ (exit status 1 if they "
	       "do). With reports or pools, names the highest mode that they all qualify "
	       "for, and what keeps them from the next mode within reach (exit status 1 if "
	       "they qualify for none); with a MODE too, whether they qualify for that one, "
	       "and what is missing (exit status 1 if they do not). Every answer names its "
	       "weakest source. The built-in list is not a vCenter's own; use --import for "
	       "that.",
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

/* asked: the mode that the hosts are to qualify for, or NULL. */
static int show_hosts(const struct evc_modes *modes, const struct evc *asked, struct arguments *a)
{
	static struct cpuid_set baseline;
	char files[32];
	struct evc_hosts h = { .file = files, .baseline = &baseline, .asked = asked };

	snprintf(files, sizeof(files), "%d files", a->in.count);
	if (a->in.count == 1)
		h.file = a->in.file[0];
	struct merge *m = allocate(sizeof(*m));
	struct pool *pool = gather_merged(&a->in, m, &baseline);
	free(m);
	if (!pool)
		return EXIT_TROUBLE;
	h.pool = pool;
	if (asked)
		*(evc_qualifies(asked, &baseline) ? &h.highest : &h.next) = asked;
	else
		h.highest =
			evc_highest(modes->at, modes->count, pool, &baseline, &h.next, &h.above);
	const int result = inputs_exit(&a->in, h.highest ? EXIT_YES : EXIT_NO);
	if (a->printing == PRINT_TEXT) {
		evc_print_hosts(&h);
		left_out_show(pool);
	}
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

/* Takes the modes out of the arguments.  Returns their number; the first two are in mode. */
static int take_modes(const struct evc_modes *modes, struct inputs *in, const struct evc *mode[2])
{
	int files = 0, count = 0;

	for (int i = 0; i < in->count; i++) {
		const struct evc *found = evc_find(modes->at, modes->count, in->file[i]);

		if (found && count < 2)
			mode[count] = found;
		count += found != NULL;
		if (found)
			free((char *)in->file[i]);
		else
			in->file[files++] = in->file[i];
	}
	in->count = files;
	return count;
}

/* No mode has a slash in its name: of a path that is not there, its reader says so. */
static bool are_there(const struct evc_modes *modes, const struct inputs *in)
{
	for (int i = 0; i < in->count; i++)
		if (strcmp(in->file[i], "-") != 0 && !strchr(in->file[i], '/') &&
		    !path_is_there(in->file[i])) {
			evc_modes_find(modes, in->file[i], "neither a known EVC mode nor a file");
			return false;
		}
	return true;
}

static int run(const struct evc_modes *modes, struct arguments *a)
{
	const struct evc *mode[2] = { NULL, NULL };
	const int count = take_modes(modes, &a->in, mode);

	if (!are_there(modes, &a->in))
		return EXIT_TROUBLE;
	if (mode[1] && (count > 2 || a->in.count)) {
		trouble(mode[1]->key, "one mode at a time with hosts, two without");
		return EXIT_TROUBLE;
	}
	if (a->in.count)
		return show_hosts(modes, mode[0], a);
	if (count == 2)
		return show_difference(mode[0], mode[1], a->printing);
	return count ? show_mode(mode[0], a->printing) : list(modes, a->printing);
}

int command_evc(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct evc_modes modes;
	int result = EXIT_TROUBLE;

	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	if (evc_modes_load(a->import, &modes)) {
		result = run(&modes, a);
		evc_modes_free(&modes);
	}
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
