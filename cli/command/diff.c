/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>

#include "cli.h"
#include "command/diff_load.h"
#include "input/file.h"
#include "output/printing.h"

struct arguments {
	struct inputs in; /* its files are those of --pool */
	size_t operands;
	const char **operand; /* allocated; those of --pool first */
	enum printing printing;
	bool all;
};

static void add_operand(struct arguments *a, const char *path)
{
	a->operand = allocate_room(a->operand, a->operands, sizeof(*a->operand));
	a->operand[a->operands++] = path;
}

static void add_pools(struct arguments *a)
{
	for (int i = 0; i < a->in.count; i++)
		add_operand(a, a->in.file[i]);
}

/* Ends the program if there are not two operands, nor one that may be two hosts. */
static void check_operands(const struct arguments *a, const struct argp_state *state)
{
	char first[PRINTABLE_MAX], second[PRINTABLE_MAX];

	if (a->operands == 0)
		arguments_missing(state, "a REPORT or a POOL");
	if (a->operands == 1 && diff_is_one(a->operand[0], &a->in.trust))
		arguments_missing(state, "another file");
	if (a->operands > 2)
		arguments_wrong(state, "two files at a time, not %zu: %s, %s, ...", a->operands,
		                printable(first, sizeof(first), a->operand[0]),
		                printable(second, sizeof(second), a->operand[1]));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'a':
		a->all = true;
		return 0;
	case ARGP_KEY_INIT:
		a->in.max = INT_MAX;
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		add_pools(a);
		for (int i = state->next; i < state->argc; i++)
			if (!inputs_is_beside(state->argv[i]))
				add_operand(a, state->argv[i]);
		return 0;
	case ARGP_KEY_END:
		if (!a->operands)
			add_pools(a);
		check_operands(a, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "all", 'a', NULL, 0,
	  "Also name expected differences: APIC IDs, mirrors of CR4, brand strings", 0 },
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
	.args_doc = "REPORT|POOL [REPORT|POOL]",
	.doc = "Names the features in which two hosts differ, in both directions, and the features "
	       "that the firmware of only one host has switched off. A pool or a folder of several "
	       "hosts has what all of them have; a single one must have two hosts, which are "
	       "compared. Exit status: 0 no difference, 1 a difference.",
	.children = children,
};

static void print(const struct diff *d, enum printing printing, int exit_status)
{
	switch (printing) {
	case PRINT_TEXT:
		diff_print(d);
		break;
	case PRINT_JSON:
		diff_json(d, exit_status);
		break;
	case PRINT_CSV:
		diff_csv(d);
		break;
	case PRINT_NOTHING:
		break;
	}
}

static int compare(struct diff *d, const char *path, enum printing printing,
                   const struct inputs *in)
{
	struct caveat caveats[2];
	size_t reports = 0;
	int result = EXIT_TROUBLE;

	for (const struct diff_side *s = d->side; s < d->side + 2; s++)
		if (s->report)
			caveats[reports++] = s->caveat;
	caveats_print(caveats, reports);
	if (diff_start(d)) {
		result = inputs_exit(in, diff_any(d) ? EXIT_NO : EXIT_YES);
		print(d, printing, result);
	} else {
		trouble(path, err_text(ERR_MANY_LEAVES));
	}
	diff_end(d);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}

int command_diff(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct diff *d = allocate(sizeof(*d));
	int result = EXIT_TROUBLE;

	arguments_parse(&argp, argc, argv, a);
	d->all = a->all;
	if (diff_load(d, &a->in, a->operand, a->operands))
		result = compare(d, a->operand[a->operands - 1], a->printing, &a->in);
	option_host_free(&d->side[0].setup);
	option_host_free(&d->side[1].setup);
	free(d);
	free(a->operand);
	free(a);
	return result;
}
