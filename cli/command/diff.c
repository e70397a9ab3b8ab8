/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdlib.h>

#include "cli.h"
#include "input/load.h"
#include "output/printing.h"
#include "output/diff_print.h"

struct arguments {
	struct inputs in;
	enum printing printing;
	bool all;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'a':
		a->all = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		state->child_inputs[1] = &a->printing;
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
	{ &inputs_argp, 0, NULL, 0 },
	{ &printing_table_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "REPORT REPORT",
	.doc = "Names the features in which two hosts differ, in both directions, and the features "
	       "that the firmware of only one host has switched off. Exit status: 0 no "
	       "difference, 1 a difference.",
	.children = children,
};

static bool load_side(const char *path, const struct trust *trust, struct diff_side *s)
{
	struct loaded l;
	bool ok;

	if (load_report(path, trust, &l) != ERR_NONE)
		return false;
	ok = drift_take(&s->host, l.report);
	if (!ok)
		trouble(path, err_text(ERR_MANY_LEAVES));
	if (!option_host_take(&s->setup, l.report))
		out_of_memory();
	printable(s->name, sizeof(s->name), l.name);
	caveat_take(&s->caveat, s->name, l.report);
	s->kinds = l.report->kinds;
	load_free(&l);
	return ok;
}

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

static int compare(struct diff *d, const char *path, enum printing printing)
{
	struct caveat caveats[] = { d->side[0].caveat, d->side[1].caveat };
	int result = EXIT_TROUBLE;

	caveats_print(caveats, 2);
	if (diff_start(d)) {
		result = diff_any(d) ? EXIT_NO : EXIT_YES;
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

	a->in.min = a->in.max = 2;
	arguments_parse(&argp, argc, argv, a);
	d->all = a->all;
	if (load_side(a->in.file[0], &a->in.trust, &d->side[0]) &&
	    load_side(a->in.file[1], &a->in.trust, &d->side[1]))
		result = compare(d, a->in.file[1], a->printing);
	option_host_free(&d->side[0].setup);
	option_host_free(&d->side[1].setup);
	free(d);
	free(a);
	return result;
}
