/* SPDX-License-Identifier: MIT */
#include <limits.h>
#include <stdlib.h>

#include "input/file.h"
#include "input/fleet_load.h"
#include "output/printing.h"
#include "output/left_out.h"

enum { OPTION_ALL_VISITS = 0x100 };

struct arguments {
	struct inputs in;
	enum printing printing;
	bool all_visits;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case OPTION_ALL_VISITS:
		a->all_visits = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "all-visits", OPTION_ALL_VISITS, NULL, 0,
	  "Compare every report of a machine, not only its latest", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_argp, 0, NULL, 0 },
	{ &printing_table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT...",
	.doc = "Finds the hosts that differ from hosts that should be identical: hosts with the "
	       "same system vendor and product, and with processors of the same vendor, signature "
	       "and brand. Names the features in which they differ and the likely setup option. "
	       "Expected differences, such as APIC IDs, are ignored. A machine with several "
	       "reports counts once, with its latest. A report that cannot be used is named, and "
	       "the others are still compared. Exit status: 0 no drift, 1 drift, 2 trouble.",
	.children = children,
};

static bool any_drift(const struct fleet *f)
{
	bool drift = false;

	for (size_t i = 0; i < f->count; i++)
		drift = drift || (f->at[i]->group == i && drift_group_differs(f, i));
	return drift;
}

static void print(const struct fleet *f, const struct inputs *in, enum printing printing,
                  int exit_status)
{
	switch (printing) {
	case PRINT_TEXT:
		for (size_t i = 0; i < f->count; i++)
			if (f->at[i]->group == i)
				drift_print(f, i);
		left_out_show_names(in->left_out, in->left_outs);
		break;
	case PRINT_JSON:
		drift_json(f, exit_status);
		break;
	case PRINT_CSV:
		drift_csv(f);
		break;
	case PRINT_NOTHING:
		break;
	}
}

int command_drift(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));

	a->in.min = 1;
	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	struct fleet f;
	const bool ok = fleet_load(&f, &a->in, a->all_visits);
	const int result =
		!ok ? EXIT_TROUBLE : inputs_exit(&a->in, any_drift(&f) ? EXIT_NO : EXIT_YES);
	if (ok)
		print(&f, &a->in, a->printing, result);
	fleet_free(&f);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
