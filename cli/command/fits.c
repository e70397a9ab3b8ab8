/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdlib.h>

#include "cli.h"
#include "command/fits_print.h"
#include "input/gather.h"
#include "input/load.h"
#include "output/printing.h"

struct arguments {
	struct inputs in;
	enum printing printing;
	const char *file; /* of the requirements */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->file = state->argv[state->next++];
		/* The others are those of the child. */
		return ARGP_ERR_UNKNOWN;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {
	{ &inputs_pool_argp, 0, NULL, 0 },
	{ &printing_table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.parser = parse,
	.args_doc = "REQUIREMENTS REPORT|POOL...",
	.doc = "Says which hosts can take a VM, and what the others lack. REQUIREMENTS is the "
	       "property runtime.featureRequirement of the VM, in JSON as PowerCLI or govc prints "
	       "it. Requirements that CPUID does not answer, and unknown names, are named and not "
	       "judged. Exit status: 0 all hosts can take it, 1 one cannot, or that is not known "
	       "of it, 2 trouble.",
	.children = children,
};

/* Sets the fit of a host in a requirement: of its processors, the worst counts. */
static void judge(const struct fits *f, size_t host, size_t i)
{
	const struct pool_host *h = &f->pool->host[host];
	const struct requirement *need = &f->need.at[i];
	uint8_t *fit = &f->fit[host * f->need.count + i];

	*fit = FIT_YES;
	for (size_t k = 0; k < h->answers && requirement_judged(need); k++) {
		const enum fit own = requirement_fit(need, &h->answer[k]->set);
		*fit = own > *fit ? (uint8_t)own : *fit;
	}
	f->worst[host] = *fit > f->worst[host] ? *fit : f->worst[host];
}

/* Judges all hosts.  Returns false after a message if CPUID answers nothing. */
static bool judge_all(struct fits *f, enum printing printing)
{
	size_t judged = 0;

	for (size_t i = 0; i < f->need.count; i++)
		judged += requirement_judged(&f->need.at[i]);
	f->fit = allocate(f->pool->hosts * f->need.count);
	f->worst = allocate(f->pool->hosts);
	for (size_t i = 0; i < f->pool->hosts; i++)
		for (size_t k = 0; k < f->need.count; k++)
			judge(f, i, k);
	if (!judged && printing == PRINT_TEXT)
		fits_print_file(f);
	if (!judged)
		trouble(f->file, "CPUID answers none of the requirements");
	return judged > 0;
}

static void print(const struct fits *f, enum printing printing, int exit_status)
{
	switch (printing) {
	case PRINT_TEXT:
		fits_print(f);
		break;
	case PRINT_JSON:
		fits_json(f, exit_status);
		break;
	case PRINT_CSV:
		fits_csv(f);
		break;
	case PRINT_NOTHING:
		break;
	}
}

int command_fits(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct fits f = { .pool = allocate(sizeof(*f.pool)) };
	int result = EXIT_TROUBLE;

	a->in.min = 1;
	a->in.max = INT_MAX;
	arguments_parse(&argp, argc, argv, a);
	if (requirements_read(a->file, &f.need)) {
		f.file = a->file;
		if (gather_hosts(&a->in, f.pool) && judge_all(&f, a->printing)) {
			const bool all = fits_able(&f) == f.pool->hosts;

			result = inputs_exit(&a->in, all ? EXIT_YES : EXIT_NO);
			print(&f, a->printing, result);
		}
		free(f.need.at);
		free(f.fit);
		free(f.worst);
	}
	load_pool_free(f.pool);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
