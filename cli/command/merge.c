/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/load.h"
#include "output/vendors.h"

struct arguments {
	struct inputs in;
	const char *output;
	bool force;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'o':
		a->output = arg;
		return 0;
	case 'f':
		a->force = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "output", 'o', "POOL", 0, "Write the pool to this file instead of standard output", 0 },
	{ "force", 'f', NULL, 0, "Replace the file of -o if it exists", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT|POOL...",
	.doc = "Puts the hosts of reports and pools together into one pool. A host is called by "
	       "the name of its report's file without .txt. The order and grouping of the "
	       "arguments make no difference, and a report that is named twice counts once.",
	.children = inputs_children,
};

/* Says on standard error what an administrator should know of the new pool. */
static void say_pool(const struct pool *pool, const struct merge *m)
{
	size_t unsealed = 0;

	for (size_t i = 0; i < pool->hosts; i++)
		unsealed += !pool->host[i].sealed;
	fprintf(stderr, "%zu host%s, %zu different answer%s\n", pool->hosts,
	        pool->hosts == 1 ? "" : "s", pool->answers, pool->answers == 1 ? "" : "s");
	if (unsealed)
		fprintf(stderr,
		        "%zu host%s without a good seal: the pool is only as true as they are\n",
		        unsealed, unsealed == 1 ? "" : "s");
	vendors_warn(m);
}

static bool write_pool(const struct pool *pool, const struct arguments *a)
{
	const size_t size = pool_size(pool);
	char *buffer = allocate(size);
	struct text t;
	bool ok;

	text_start(&t, buffer, size);
	pool_write(&t, pool, PROGRAM);
	if (a->output)
		ok = file_write(a->output, buffer, t.used, 0644, a->force);
	else
		ok = output_write(buffer, t.used);
	free(buffer);
	return ok;
}

int command_merge(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct pool *pool = allocate(sizeof(*pool));
	struct merge *m = allocate(sizeof(*m));
	bool ok = true;

	a->in.min = 1;
	a->in.max = INT_MAX;
	argp_parse(&argp, argc, argv, 0, NULL, a);
	for (int i = 0; ok && i < a->in.count; i++) {
		if (load_is_pool(a->in.file[i]))
			trouble(a->in.file[i],
			        "a pool: not sealed, taken as this workstation's own");
		ok = load_into_pool(a->in.file[i], &a->in.trust, pool);
	}
	if (ok && !pool_merge(pool, m)) {
		trouble("merge", err_text(ERR_MANY_LEAVES));
		ok = false;
	}
	ok = ok && write_pool(pool, a);
	if (ok)
		say_pool(pool, m);
	free(m);
	load_pool_free(pool);
	free(a);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
