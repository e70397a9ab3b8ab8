/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/load.h"
#include "report/cpuid_r.h"

#define EXPORT_MAX 0x4000000

struct arguments {
	struct inputs in;
	const char *to;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 't':
		if (strcmp(arg, "cpuid-r") != 0)
			argp_error(state, "--to: unknown format; known formats: cpuid-r");
		a->to = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if (!a->to)
			argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "to", 't', "FORMAT", 0, "cpuid-r: the output of \"cpuid -r\", which \"cpuid -f\" reads",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--to=FORMAT REPORT",
	.doc = "Prints all CPUID leaves of all processors of a report in another program's format.",
	.children = inputs_children,
};

int command_export(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct loaded l;
	bool ok = false;

	a->in.min = a->in.max = 1;
	argp_parse(&argp, argc, argv, 0, NULL, a);
	if (load_report(a->in.file[0], &a->in.trust, &l) == ERR_NONE) {
		char *buffer = allocate(EXPORT_MAX);
		struct text t;

		text_start(&t, buffer, EXPORT_MAX);
		cpuid_r_write(&t, l.report);
		if (t.full)
			trouble(a->in.file[0], err_text(ERR_FULL));
		else
			ok = output_write(buffer, t.used);
		free(buffer);
		load_free(&l);
	}
	free(a);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
