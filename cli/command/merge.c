/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>

#include "cli.h"
#include "input/crypto.h"
#include "input/gather.h"
#include "input/load.h"
#include "input/output_file.h"
#include "input/pool_file.h"
#include "output/printing.h"
#include "input/visits.h"
#include "output/caveats.h"
#include "output/left_out.h"
#include "output/merge_print.h"

enum { OPTION_ALL_VISITS = 0x100 };

struct arguments {
	struct inputs in;
	struct output_file output;
	enum printing printing;
	bool sign;
	struct seal_secret secret;
	bool all_visits;
};

/* The other commands would not read another name as a pool. */
static void check_output(const struct arguments *a, const struct argp_state *state)
{
	if (a->output.path && !inputs_pool_name(a->output.path))
		arguments_wrong(state, "--output: the name of a pool must end in .pool");
	if (a->printing == PRINT_JSON && !a->output.path)
		arguments_wrong(state,
		                "--json needs --output: the pool goes to FILE, and what is in "
		                "it to standard output");
	if (a->sign && !a->output.path)
		arguments_wrong(state, "--sign needs --output: the seal goes to FILE.minisig");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_ALL_VISITS:
		a->all_visits = true;
		return 0;
	case 's':
		if (!pool_file_key(arg, &a->secret))
			exit(EXIT_TROUBLE);
		a->sign = a->in.trust.claims_void = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->output;
		state->child_inputs[2] = &a->printing;
		return 0;
	case ARGP_KEY_END:
		check_output(a, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "sign", 's', "KEY", 0,
	  "Seal the pool with this secret key (see keygen): the seal goes to FILE.minisig, where "
	  "FILE is that of --output",
	  0 },
	{ "all-visits", OPTION_ALL_VISITS, NULL, 0,
	  "Keep every report of a machine, not only its latest", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &output_file_argp, 0, NULL, 0 },
	{ &printing_json_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL...",
	.doc = "Merges the hosts of reports and pools into one pool. A host has the name of its "
	       "report's file without .txt. Order and grouping make no difference, and a report "
	       "that is given twice counts once. A machine counts once too: its later report "
	       "replaces an earlier one. A file is a pool if its name ends in .pool, or if it is "
	       "given with --pool; any other file is a report. \"-\" is standard "
	       "input, either. A pool without a seal "
	       "is read, and a message says so.",
	.children = children,
};

int command_merge(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct pool *pool = allocate(sizeof(*pool));
	struct merge *m = allocate(sizeof(*m));
	bool ok;

	a->in.min = 1;
	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	ok = gather(&a->in, pool, NULL);
	if (ok)
		(a->all_visits ? visits_keep : visits_settle)(pool);
	if (ok && !pool_merge(pool, m)) {
		trouble("merge", err_text(ERR_MANY_LEAVES));
		ok = false;
	}
	ok = ok && pool_file_write(&a->output, pool, a->sign ? &a->secret : NULL);
	crypto_wipe(&a->secret, sizeof(a->secret));
	const int result = inputs_exit(&a->in, EXIT_YES);
	const struct merge_result made = {
		.pool = pool, .merge = m, .path = a->output.path, .sealed = a->sign
	};
	if (ok) {
		caveats_print_pool(pool);
		merge_print(&made);
		left_out_print(pool);
	}
	if (ok && a->printing == PRINT_JSON)
		merge_json(&made, result);
	free(m);
	load_pool_free(pool);
	free(a);
	return ok && output_write("", 0) ? result : EXIT_TROUBLE;
}
