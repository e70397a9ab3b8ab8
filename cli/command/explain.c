/* SPDX-License-Identifier: MIT */
#include "fleet/explain.h"

#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "command/explain_worst.h"
#include "input/gather.h"
#include "input/host_setups.h"
#include "input/name.h"
#include "input/version.h"
#include "mask/kvm_plan.h"
#include "output/caveats.h"
#include "output/color.h"
#include "output/explain_print.h"
#include "output/left_out.h"
#include "output/printing.h"

/* Options without a letter. */
enum { OPTION_KERNEL = 0x101, OPTION_SETUP };

struct arguments {
	struct inputs in;
	enum printing printing;
	struct inputs reports; /* of --setup */
	struct host_setups setups;
	const char **bit; /* names of features; allocated */
	size_t bits;
	unsigned worst, kernel;
	bool all;
};

/* True for a pool, and for what is no feature but a file's name; a feature's can have a '/' too. */
static bool is_file(const char *name, const struct trust *trust)
{
	enum feature_id id;

	if (strcmp(name, "-") == 0 || inputs_is_pool(name, trust))
		return true;
	if (name_is_place(name) || name_rows(name, &id, 1))
		return false;
	return strchr(name, '/') || path_is_there(name);
}

/* Takes the names of features out of the files. */
static void take_features(struct arguments *a)
{
	int files = 0;

	for (int i = 0; i < a->in.count; i++) {
		const char *name = a->in.file[i];

		if (is_file(name, &a->in.trust)) {
			a->in.file[files++] = name;
			continue;
		}
		a->bit = allocate_lasting(a->bit, a->bits, sizeof(*a->bit));
		a->bit[a->bits++] = name;
	}
	a->in.count = files;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char name[PRINTABLE_MAX];

	switch (key) {
	case 'w':
		a->worst = inputs_number(arg, 0, UINT_MAX, "--worst", state);
		return 0;
	case 'a':
		a->all = true;
		return 0;
	case OPTION_KERNEL:
		a->kernel = version_read(arg, "--kernel-version", KVM_OFFER_KERNEL_MIN, state);
		return 0;
	case OPTION_SETUP:
		inputs_add(&a->reports, arg);
		return 0;
	case ARGP_KEY_INIT:
		a->in.max = INT_MAX;
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
		return 0;
	case ARGP_KEY_END:
		take_features(a);
		if (!a->in.count && a->bits)
			arguments_wrong(state, "%s: no such file, and no other",
			                printable(name, sizeof(name), a->bit[0]));
		if (!a->in.count)
			arguments_missing(state, "a REPORT or a POOL");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "worst", 'w', "N", 0,
	  "Also say what the baseline would gain without the N worst hosts, one after the other. "
	  "Default 3",
	  0 },
	{ "kernel-version", OPTION_KERNEL, "VERSION", 0,
	  "Say what KVM of this Linux gives to guests. Default 6.12, as in Debian 13", 0 },
	{ "setup", OPTION_SETUP, "REPORT", 0,
	  "Say how setup options are set, from the reports of the pool's hosts. A folder means all "
	  "reports in it. Can be repeated",
	  0 },
	{ "all", 'a', NULL, 0, "Name all hosts that lack a feature, however many there are", 0 },
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
	.args_doc = "REPORT|POOL... [FEATURE...]",
	.doc = "For each feature that some hosts have and their baseline lacks, names the "
	       "hosts that lack it or the feature it needs that is missing, and the setup option "
	       "that may hide it. With FEATUREs, explains these: by any known name, or by bit "
	       "position, such as 1.ECX[25].",
	.children = children,
};

/* Where the answers go. */
struct answers {
	const struct explain_view *view;
	bool text;
	json_t *features, *worst; /* of a document; NULL: none */
};

static void answer(const struct answers *to, const struct place *at)
{
	if (to->text)
		explain_print(to->view, at);
	if (to->features)
		json_add(to->features, explain_json(to->view, at));
}

static void answer_gain(void *ctx, const struct explained *e, const bool *without,
                        const struct cpuid_set *baseline)
{
	const struct answers *to = ctx;

	if (to->text)
		explain_print_gain(e, without, baseline);
	if (to->worst)
		json_add(to->worst, explain_json_gain(e, without, baseline));
}

/* Answers of the single bits that some host has and the baseline lacks.  Returns how many. */
static size_t answer_lost(const struct explained *e, const struct answers *to)
{
	size_t count = 0;

	for (struct differ d = { .id = F_NONE }; explain_next_lost(e, &d);) {
		answer(to, &d.at);
		count++;
	}
	return count;
}

static bool answer_named(const struct explained *e, const struct arguments *a,
                         const struct answers *to)
{
	bool ok = true;

	for (size_t i = 0; i < a->bits; i++) {
		struct place at;

		if (name_place(a->bit[i], &e->merge->high, &at))
			answer(to, &at);
		else
			ok = false;
	}
	return ok;
}

static bool answer_all(const struct explained *e, const struct arguments *a, struct answers *to)
{
	if (a->bits)
		return answer_named(e, a, to);
	if (answer_lost(e, to) == 0 && to->text)
		printf("%sall hosts have the same features%s\n", color_on(TONE_GOOD), color_off());
	explain_worst(e, a->worst, answer_gain, to);
	return true;
}

/* Returns an exit code. */
static int explain_pool(const struct explained *e, struct arguments *a, struct pool *pool)
{
	a->reports.trust = a->in.trust;
	a->reports.strict = a->in.strict;
	if (!host_setups_load(&a->setups, &a->reports))
		return EXIT_TROUBLE;
	left_out_print_names(a->reports.left_out, a->reports.left_outs);
	for (size_t i = 0; i < a->reports.left_outs; i++)
		if (pool_leave_out(pool, a->reports.left_out[i].name) != ERR_NONE)
			out_of_memory();
	host_setups_join(&a->setups, e->pool);
	const struct explain_view view = { .e = e,
		                           .options = &a->setups.options,
		                           .side = a->setups.side,
		                           .kernel = a->kernel,
		                           .all = a->all };
	struct answers to = { .view = &view, .text = a->printing == PRINT_TEXT };
	json_t *document = a->printing == PRINT_JSON ? document_start("explain", 1) : NULL;
	if (document) {
		document_hosts(document, e->pool);
		to.features = json_put_list(document, "features");
		to.worst = json_put_list(document, "worst");
	}
	const int all = answer_all(e, a, &to) ? EXIT_YES : EXIT_TROUBLE;
	const int result = inputs_exit(&a->in, inputs_exit(&a->reports, all));
	if (to.text)
		left_out_show(pool);
	if (document)
		document_print(document, result);
	return result;
}

int command_explain(int argc, char **argv)
{
	struct arguments a = { .worst = 3, .kernel = KVM_OFFER_KERNEL };
	static struct cpuid_set baseline;
	int result = EXIT_TROUBLE;

	arguments_parse(&argp, argc, argv, &a);
	struct merge *m = allocate(sizeof(*m));
	struct pool *pool = gather_merged(&a.in, m, &baseline);
	struct explained e = { .pool = NULL };
	if (pool && !explained_start(&e, pool, m, &baseline))
		out_of_memory();
	if (pool)
		result = explain_pool(&e, &a, pool);
	explained_free(&e);
	host_setups_free(&a.setups);
	free(m);
	load_pool_free(pool);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
