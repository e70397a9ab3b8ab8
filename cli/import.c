/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cpuid_r.h"
#include "files.h"

/* A dump of 1024 processors with 512 answers each is 44 MiB. */
#define IMPORT_MAX 0x4000000

struct arguments {
	const char *from, *file, *output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'f':
		if (strcmp(arg, "cpuid-r") != 0)
			argp_error(state, "no format of this name; there is: cpuid-r");
		a->from = arg;
		return 0;
	case 'o':
		a->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num)
			argp_usage(state);
		a->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->file || !a->from)
			argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "from", 'f', "FORMAT", 0, "cpuid-r: what Todd Allen's \"cpuid -r\" prints", 0 },
	{ "output", 'o', "REPORT", 0, "Write the report to this file instead of standard output",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--from=FORMAT FILE",
	.doc = "Makes a report from another program's dump; FILE can be - for standard input. The "
	       "report is not sealed, it says where it came from, and what a dump does not tell "
	       "stays unknown in it; the other commands take it with --unsigned. A dump made "
	       "under an operating system has that system's bits in it (OSXSAVE, OSPKE), which "
	       "are never compared or merged.",
};

static bool write_report(const struct report *r, const char *output)
{
	char *buffer = allocate(REPORT_TEXT_MAX);
	struct text t;
	bool ok;

	text_start(&t, buffer, REPORT_TEXT_MAX);
	report_write(&t, r);
	if (t.full) {
		trouble(output ? output : "standard output", err_text(ERR_FULL));
		ok = false;
	} else {
		ok = output ? file_write(output, buffer, t.used, 0644, false)
		            : output_write(buffer, t.used);
	}
	free(buffer);
	return ok;
}

int command_import(int argc, char **argv)
{
	struct arguments a = { NULL, NULL, NULL };
	struct where where;
	struct bytes b;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (!file_read(a.file, IMPORT_MAX, &b))
		return EXIT_TROUBLE;
	struct report *r = allocate(sizeof(*r));
	const enum err err = cpuid_r_read(r, b.at, b.size, &where);
	free(b.at);
	bool ok = err == ERR_NONE;
	if (ok) {
		report_set(r, FIELD_PROGRAM, PROGRAM);
		report_set(r, FIELD_ORIGIN, "cpuid -r");
		report_set(r, FIELD_SOURCE, base_name(a.file));
		ok = write_report(r, a.output);
	} else {
		trouble_at(a.file, err, &where);
	}
	free(r);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
