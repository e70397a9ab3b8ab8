/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/gather.h"
#include "input/load.h"
#include "input/requirements.h"
#include "output/print.h"
#include "output/left_out.h"

struct arguments {
	struct inputs in;
	const char *file; /* of the requirements */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->file = state->argv[state->next++];
		/* The others are those of the child. */
		return ARGP_ERR_UNKNOWN;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse,
	.args_doc = "REQUIREMENTS REPORT|POOL...",
	.doc = "Says which hosts can take a VM, and what the others lack. REQUIREMENTS is the "
	       "property runtime.featureRequirement of the VM, in JSON as PowerCLI or govc prints "
	       "it. Requirements that CPUID does not answer, and unknown names, are named and not "
	       "judged. Exit status: 0 all hosts can take it, 1 one cannot, or that is not known "
	       "of it, 2 trouble.",
	.children = inputs_pool_children,
};

struct fits {
	struct requirements need;
	struct pool *pool;
};

/* Sets fit[] for a host: of its processors, the worst counts. */
static void judge(const struct fits *f, const struct pool_host *h, uint8_t *fit)
{
	memset(fit, FIT_YES, f->need.count);
	for (size_t i = 0; i < f->need.count; i++) {
		const struct requirement *need = &f->need.at[i];

		for (size_t k = 0; k < h->answers && requirement_judged(need); k++) {
			const enum fit own = requirement_fit(need, &h->answer[k]->set);
			fit[i] = own > fit[i] ? (uint8_t)own : fit[i];
		}
	}
}

/* Writes what a requirement demands: "AVX", "MONITOR (cpuid.MWAIT)", "NUMLEVELS at least 13". */
static void write_need(FILE *to, const struct requirement *r, const struct pool_host *h)
{
	static const char *const words[] = { [MASK_VAL] = "equal to",
		                             [MASK_MAX] = "at most",
		                             [MASK_MIN] = "at least",
		                             [MASK_MATCH] = "equal to" };
	const enum feature_id id = requirement_row(r, &h->answer[0]->set);
	const char *bare = r->of.name + strlen("cpuid.");

	if (id == F_NONE)
		fprintf(to, "vendor %s", bare);
	else if (strcmp(feature_name(id), bare) == 0)
		fprintf(to, "%s", bare);
	else
		fprintf(to, "%s (%s)", feature_name(id), r->of.name);
	if (r->of.kind == MASK_NAMED_NUMBER || r->value.op != MASK_MIN || r->value.number != 1)
		fprintf(to, " %s %llu", words[r->value.op], (unsigned long long)r->value.number);
}

/* Prints the requirements of a host with this fit, after words.  Returns how many there are. */
static size_t print_needs(const struct fits *f, const struct pool_host *h, const uint8_t *fit,
                          enum fit which, const char *words)
{
	char *list = NULL;
	size_t size, count = 0;
	FILE *to = open_memstream(&list, &size);

	if (!to)
		return 0;
	for (size_t i = 0; i < f->need.count; i++)
		if (fit[i] == which) {
			fprintf(to, "%s", count++ ? ", " : "");
			write_need(to, &f->need.at[i], h);
		}
	fclose(to);
	print_wrapped(4, words, list, ',');
	free(list);
	return count;
}

/* Returns true if the host can take the VM. */
static bool print_host(const struct fits *f, const struct pool_host *h, uint8_t *fit)
{
	enum fit worst = FIT_YES;
	char name[PRINTABLE_MAX];

	judge(f, h, fit);
	for (size_t i = 0; i < f->need.count; i++)
		worst = fit[i] > worst ? (enum fit)fit[i] : worst;
	printf("%s: %s\n", printable(name, sizeof(name), h->name),
	       worst == FIT_YES       ? "can take it"
	       : worst == FIT_UNKNOWN ? "not known"
	                              : "cannot take it");
	print_needs(f, h, fit, FIT_NO, "lacks");
	print_needs(f, h, fit, FIT_UNKNOWN, "not known:");
	return worst == FIT_YES;
}

/* Prints the names of the requirements of a kind that is not judged. */
static void print_kind(const struct requirements *need, enum mask_named_kind kind,
                       const char *words)
{
	char *list = NULL;
	size_t size, count = 0;
	FILE *to = open_memstream(&list, &size);

	if (!to)
		return;
	for (size_t i = 0; i < need->count; i++) {
		char name[PRINTABLE_MAX];

		if (need->at[i].of.kind == kind)
			fprintf(to, "%s%s", count++ ? ", " : "",
			        printable(name, sizeof(name), need->at[i].of.name));
	}
	fclose(to);
	print_wrapped(0, words, list, ',');
	free(list);
}

/* Prints what was read, and what of it is not judged.  Returns false after a message: all of it. */
static bool print_file(const char *path, const struct requirements *need)
{
	size_t judged = 0;
	char name[PRINTABLE_MAX];

	for (size_t i = 0; i < need->count; i++)
		judged += requirement_judged(&need->at[i]);
	printf("%s: %zu requirement%s%s", printable(name, sizeof(name), path), need->count,
	       need->count == 1 ? "" : "s",
	       need->offline ? " to power the VM on (it was not running)" : "");
	if (need->lists > 1)
		printf(", of %zu lists together", need->lists);
	putchar('\n');
	print_kind(need, MASK_NAMED_OTHER, "not judged, as CPUID does not say:");
	print_kind(need, MASK_NAMED_UNKNOWN, "not judged, as the name is unknown:");
	if (!judged)
		trouble(path, "CPUID answers none of the requirements");
	return judged > 0;
}

/* Prints all hosts.  Returns EXIT_YES if all can take the VM. */
static int print_hosts(const struct fits *f)
{
	uint8_t *fit = allocate(f->need.count);
	size_t able = 0;

	for (size_t i = 0; i < f->pool->hosts; i++)
		able += print_host(f, &f->pool->host[i], fit);
	free(fit);
	printf("%zu of %zu host%s can take this VM\n", able, f->pool->hosts,
	       f->pool->hosts == 1 ? "" : "s");
	left_out_show(f->pool);
	return able == f->pool->hosts ? EXIT_YES : EXIT_NO;
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
		if (gather_hosts(&a->in, f.pool) && print_file(a->file, &f.need))
			result = inputs_exit(&a->in, print_hosts(&f));
		free(f.need.at);
	}
	load_pool_free(f.pool);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
