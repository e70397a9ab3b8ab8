/* SPDX-License-Identifier: MIT */
#include "table/feature_find.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/inputs.h"
#include "input/name.h"
#include "output/printing.h"
#include "output/feature_print.h"

struct arguments {
	const char *pattern;
	enum printing printing;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->printing;
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (state->arg_num)
			arguments_wrong(state, "one PATTERN at a time; quote one that has blanks");
		a->pattern = arg;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = { { &printing_table_argp, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	.children = children,
	.parser = parse,
	.args_doc = "[PATTERN]",
	.doc = "Prints the table of CPUID bits and fields: the name in the manual, leaf, register "
	       "and bits, the merge rule, the description, names elsewhere, how a field is read, "
	       "what a feature needs, what VMware shows a VM of it, what KVM shows a guest, and "
	       "the setup option that can hide it. PATTERN is a name, a part of a name or of a "
	       "description, a line of a message from vCenter, a bit position such as "
	       "7.0.EBX[5], or a register such as 7.0.EBX. Exit status 1 if nothing matches.",
};

/* Chooses the row at a place.  Returns an exit code, after a message if it is not EXIT_YES. */
static int choose_place(const char *name, bool chosen[F_COUNT])
{
	struct place at;

	if (!name_place(name, NULL, &at))
		return EXIT_TROUBLE;
	const enum feature_id id = feature_of(&at);
	if (id == F_NONE) {
		trouble(name, "this bit is not in the table");
		return EXIT_NO;
	}
	chosen[id] = true;
	return EXIT_YES;
}

/* Chooses the rows of a name, and those that have it as a part of a name or of the description. */
static int choose_matching(const char *pattern, bool chosen[F_COUNT])
{
	enum feature_id named[NAMED_MAX];
	const size_t names = name_rows(pattern, named, NAMED_MAX);
	bool any = names > 0;

	for (size_t i = 0; i < names && i < NAMED_MAX; i++)
		chosen[named[i]] = true;
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		chosen[i] = chosen[i] || feature_matches((enum feature_id)i, pattern);
		any = any || chosen[i];
	}
	if (!any)
		name_unknown(pattern);
	return any ? EXIT_YES : EXIT_NO;
}

static void print(const bool chosen[F_COUNT], enum printing printing, int exit_status)
{
	switch (printing) {
	case PRINT_TEXT:
		for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
			if (chosen[i])
				feature_print((enum feature_id)i);
		break;
	case PRINT_JSON:
		feature_json(chosen, exit_status);
		break;
	case PRINT_CSV:
		feature_csv(chosen);
		break;
	case PRINT_NOTHING:
		break;
	}
}

int command_features(int argc, char **argv)
{
	struct arguments a = { .pattern = "" };
	bool chosen[F_COUNT] = { false };

	arguments_parse(&argp, argc, argv, &a);
	const int result =
		(name_is_place(a.pattern) ? choose_place : choose_matching)(a.pattern, chosen);
	if (result != EXIT_TROUBLE)
		print(chosen, a.printing, result);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
