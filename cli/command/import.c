/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/import_console.h"
#include "input/inputs.h"
#include "output/caveats.h"
#include "report/cpuid_r.h"
#include "report/transcript.h"

/* Bytes.  A dump of 1024 processors with 512 leaves each is 44 MiB. */
#define IMPORT_MAX 0x4000000

/* An option without a letter: -f is --force. */
enum { OPTION_FROM = 0x101 };

struct arguments {
	const char *from, *file, *output;
	unsigned number; /* of a report in a log; 0: all */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case OPTION_FROM:
		if (strcmp(arg, "cpuid-r") != 0 && strcmp(arg, "console") != 0)
			argp_error(state,
			           "--from: unknown format; known formats: cpuid-r, console");
		a->from = arg;
		return 0;
	case 'o':
		a->output = arg;
		return 0;
	case 'n':
		a->number = inputs_number(arg, 1, TRANSCRIPT_BLOCKS_MAX, "--number", state);
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		if (state->arg_num)
			argp_usage(state);
		a->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!a->file || !a->from)
			argp_usage(state);
		if (a->number && strcmp(a->from, "console") != 0)
			argp_error(state, "--number needs --from=console");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "from", OPTION_FROM, "FORMAT", 0,
	  "cpuid-r: the output of Todd Allen's \"cpuid -r\"; console: the log of a console", 0 },
	{ "output", 'o', "REPORT", 0,
	  "Write the report to this file, which must not exist. From a console log, the seal goes "
	  "to REPORT.minisig; if this is a folder, both go there, under their names on the stick",
	  0 },
	{ "number", 'n', "N", 0, "console: import only the report with this number", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "--from=FORMAT FILE",
	.doc = "Makes a report from the output of another program, or takes reports out of the log "
	       "of a console. FILE can be - for standard input.\v"
	       "cpuid-r: the report has no seal; the other commands accept it with --unsigned. "
	       "It says where it is from; what a dump does not contain is unknown in it. A dump "
	       "made under an operating system has that system's bits (OSXSAVE, OSPKE), which are "
	       "never compared or merged. Without -o the report goes to standard output.\n\n"
	       "console: the probe sends reports over the console if it cannot write them to the "
	       "stick. They are taken out of the log with their seals, byte for byte. Escape "
	       "sequences, wrapped lines, time stamps and other output do no harm. If a report was "
	       "sent twice, each of its lines must be intact once. Without -o the reports are "
	       "listed with their numbers.",
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

static bool import_cpuid_r(const char *file, const struct bytes *b, const char *output)
{
	struct report *r = allocate(sizeof(*r));
	struct caveat caveat;
	struct where where;
	const enum err err = cpuid_r_read(r, b->at, b->size, &where);
	bool ok = err == ERR_NONE;

	if (ok) {
		report_set(r, FIELD_PROGRAM, PROGRAM);
		report_set(r, FIELD_ORIGIN, "cpuid -r");
		report_set(r, FIELD_SOURCE, base_name(file));
		ok = write_report(r, output);
		caveat_take(&caveat, base_name(output ? output : file), r);
		caveats_print(&caveat, 1);
	} else {
		trouble_at(file, err, &where);
	}
	free(r);
	return ok;
}

int command_import(int argc, char **argv)
{
	struct arguments a = { NULL, NULL, NULL, 0 };
	struct bytes b;
	bool ok;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	if (!file_read(a.file, IMPORT_MAX, &b))
		return EXIT_TROUBLE;
	if (strcmp(a.from, "console") == 0)
		ok = import_console(a.file, &b, a.output, a.number);
	else
		ok = import_cpuid_r(a.file, &b, a.output);
	free(b.at);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
