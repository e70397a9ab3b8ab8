/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "command/setup_report.h"
#include "hii/hii.h"
#include "hii/hii_choice.h"
#include "input/file.h"
#include "output/setup_print.h"
#include "report/report.h"

struct arguments {
	struct inputs in;
	struct setup_asked asked;
	const char *from;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'F':
		a->from = arg;
		return 0;
	case 'a':
		a->asked.all = true;
		return 0;
	case 'b':
		a->asked.baseline = true;
		return 0;
	case ARGP_KEY_INIT:
		a->in.max = INT_MAX;
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->asked.printing;
		return 0;
	case ARGP_KEY_END:
		if (a->from && (a->in.count || a->asked.printing || a->asked.baseline))
			arguments_wrong(state,
			                "--from FILE is an export; no report, --json, --quiet "
			                "or --baseline can be given with it");
		if (a->asked.printing && a->asked.baseline)
			arguments_wrong(state, "--baseline excludes --json and --quiet");
		if (!a->from && a->in.count == 0)
			arguments_missing(state, "a REPORT");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "from", 'F', "FILE", 0, "Read HII package lists, as exported from a running firmware",
	  0 },
	{ "all", 'a', NULL, 0,
	  "Of an export: all questions, not only those about processors. Of reports: also the "
	  "options that do not differ",
	  0 },
	{ "baseline", 'b', NULL, 0,
	  "Print for each host which options to change for the baseline of all to gain features. "
	  "Takes pools too; give the reports of their hosts with them",
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
	.args_doc = "REPORT...\n--baseline REPORT|POOL...\n--from FILE",
	.doc = "Prints the options of firmware setup in a report: where they are in the menus, "
	       "values, defaults, and where the values are kept. Of several reports, it prints in "
	       "what the options of hosts that should be identical differ. An export has no "
	       "values. Exit status: 0 no difference or nothing to do, 1 a difference or "
	       "something to do, 2 trouble.",
	.children = children,
};

struct listing {
	struct hii_choice choice;
	bool all;
	uint32_t shown;
	char path[SETUP_PATH_MAX + 1];
};

/* An export has defaults and no values. */
static const char *no_value(void *ctx, uint32_t number, const struct setup_store *store,
                            uint8_t *bytes, size_t size)
{
	(void)ctx;
	(void)number;
	(void)store;
	(void)bytes;
	(void)size;
	return "";
}

static bool list(void *ctx, const struct setup_question *q, const char *help)
{
	struct listing *l = ctx;

	if (!l->all && !hii_choice_takes(&l->choice, q->prompt, help))
		return true;
	print_setup_path(l->shown++ ? l->path : NULL, q->path);
	snprintf(l->path, sizeof(l->path), "%s", q->path);
	print_setup_question(q);
	return true;
}

/* Returns false after a message. */
static bool list_export(const char *path, const struct bytes *b, bool all)
{
	struct hii h;
	struct listing *l = allocate(sizeof(*l));
	void *memory = allocate(hii_count(&h, (const uint8_t *)b->at, b->size));
	const bool any = h.lists > 0;

	if (any) {
		hii_open(&h, memory);
		hii_choice_start(&l->choice);
		l->all = all;
		h.faults += !hii_each(&h, no_value, list, l);
		printf("%" PRIu32 " of %" PRIu32 " questions, %" PRIu32 " forms, %" PRIu32
		       " form sets, %" PRIu32 " package lists\n",
		       l->shown, h.questions, h.forms, h.sets, h.lists);
		if (h.faults)
			fprintf(stderr, "cpulevel: %" PRIu32 " damaged place%s left out\n",
			        h.faults, h.faults == 1 ? "" : "s");
	} else {
		trouble(path, h.faults ? "cut off or no export: its HII package list is longer "
		                         "than the file, or too short"
		                       : "no HII package list: it must begin with a GUID and its "
		                         "size");
	}
	free(memory);
	free(l);
	return any;
}

int command_setup(int argc, char **argv)
{
	struct arguments a = { 0 };
	struct bytes b;
	bool ok;

	arguments_parse(&argp, argc, argv, &a);
	if (!a.from)
		return (a.asked.baseline ? setup_baseline : setup_reports)(&a.in, &a.asked);
	if (!file_read(a.from, HII_EXPORT_MAX, &b))
		return EXIT_TROUBLE;
	ok = list_export(a.from, &b, a.asked.all);
	free(b.at);
	return ok && output_write("", 0) ? EXIT_YES : EXIT_TROUBLE;
}
