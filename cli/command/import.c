/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/formats.h"
#include "input/import_console.h"
#include "input/inputs.h"
#include "input/json.h"
#include "input/load.h"
#include "input/new_files.h"
#include "input/sealed.h"
#include "output/caveats.h"
#include "output/printing.h"
#include "output/progress.h"
#include "report/transcript.h"

/* An option without a letter: -f is --force. */
enum { OPTION_FROM = 0x101 };

struct arguments {
	const struct format *from; /* NULL: to be found out */
	const char *output;
	bool folder; /* the output is one */
	enum printing printing;
	struct inputs in; /* without keys: there are no seals */
	bool several;     /* files, or a folder of them */
	unsigned number;  /* of a report in a log; 0: all */
};

static void take_operand(struct arguments *a, const char *path)
{
	inputs_add(&a->in, path);
	a->several = a->in.count > 1 || (path_is_folder(path) && !format_is_folder(path));
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->printing;
		state->child_inputs[1] = &a->in;
		return 0;
	case OPTION_FROM:
		a->from = format_named(arg);
		if (!a->from)
			arguments_unknown(state, "--from", "format", arg, format_names(false));
		return 0;
	case 'o':
		a->output = arg;
		return 0;
	case 'n':
		a->number = inputs_number(arg, 1, TRANSCRIPT_BLOCKS_MAX, "--number", state);
		return 0;
	case ARGP_KEY_ARG:
		inputs_operands(state);
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_ARGS:
		for (; state->next < state->argc; state->next++)
			take_operand(a, state->argv[state->next]);
		return 0;
	case ARGP_KEY_END:
		if (!a->in.count)
			arguments_missing(state, "a file");
		a->folder = a->output && path_is_folder(a->output);
		if (a->several && !a->folder)
			arguments_wrong(state, "several files need -o and a folder that exists");
		if (a->number && a->several)
			arguments_wrong(state, "--number needs one file");
		if (a->number && (!a->from || a->from->read))
			arguments_wrong(state, "--number needs --from=console");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "from", OPTION_FROM, "FORMAT", 0,
	  "The format of FILE, see below. Default: found out from FILE", 0 },
	{ "output", 'o', "REPORT|FOLDER", 0,
	  "Write the report to this file, which must not exist; if this is a folder, to FILE.txt "
	  "there. From a console log, the seal goes to REPORT.minisig; to a folder both go under "
	  "their names on the stick",
	  0 },
	{ "number", 'n', "N", 0, "console: import only the report with this number", 0 },
	{ 0 },
};

/* Puts the list of formats before the text of the help. */
static char *list_formats(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t size;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	FILE *to = stream_open(&list, &size);
	fprintf(to, "Formats:\n");
	for (const struct format *f = formats; f->name; f++)
		if (f->about)
			fprintf(to, "  %-16s %s\n", f->name, f->about);
	fprintf(to, "\n%s", text);
	stream_close(to);
	return list;
}

static const struct argp_child children[] = {
	{ &printing_argp, 0, NULL, 0 },
	{ &inputs_strict_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.children = children,
	.help_filter = list_formats,
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Makes a report from the output of another program, or takes reports out of the log "
	       "of a console. FILE can be - for standard input, or a folder of "
	       "hwloc-gather-cpuid; another folder means all files in it and in its folders. "
	       "Several files need -o FOLDER; one that cannot be imported is "
	       "named, and the others are.\v"
	       "A report from a file has no seal; the other commands accept it with --unsigned. It "
	       "says where it is from; what the file does not contain is unknown in it. A file "
	       "made under an operating system has that system's bits (OSXSAVE, OSPKE), which are "
	       "never compared or merged. Without -o the report goes to standard output.\n\n"
	       "console: the probe sends reports over the console if it cannot write them to the "
	       "stick. They are taken out of the log with their seals, byte for byte. Escape "
	       "sequences, wrapped lines, time stamps and other output do no harm. If a report was "
	       "sent twice, each of its lines must be intact once. Without -o the reports are "
	       "listed with their numbers.",
};

/* A seal that is there already would be taken for the report's. */
static bool write_unsealed(const char *output, const char *at, size_t size)
{
	const struct bytes report = { (char *)at, size };

	return new_file_free(output, false, "not overwritten") &&
	       sealed_write(output, &report, NULL, false,
	                    "already exists, but an imported report has no seal; report not "
	                    "written");
}

static bool write_report(const struct report *r, const char *output)
{
	struct bytes b = format_spell(output ? output : "standard output", r);
	bool ok = b.at != NULL;

	if (ok)
		ok = output ? write_unsealed(output, b.at, b.size) : output_write(b.at, b.size);
	free(b.at);
	return ok;
}

/* Reads a file, or with f NULL a folder. */
static bool import(const struct format *f, const char *file, struct bytes *b, const char *output)
{
	struct report *r = allocate(sizeof(*r));
	struct caveat caveat;
	const bool ok = (f ? format_read(f, r, file, b) : format_read_folder(r, file)) &&
	                write_report(r, output);

	if (ok) {
		caveat_take(&caveat, base_name(output ? output : file), r);
		caveats_print(&caveat, 1);
	}
	free(r);
	return ok;
}

static void print_unknown(const char *file, const struct bytes *b)
{
	const char *what = load_what(b);
	char message[512];

	if (what) {
		snprintf(message, sizeof(message), "%s already: there is nothing to import", what);
		trouble(file, message);
		return;
	}
	snprintf(message, sizeof(message), "in none of the known formats: %s", format_names(false));
	trouble(file, message);
}

/* Where the report of a file goes in a folder, from malloc: FILE.txt.  NULL after a message. */
static char *path_in(const char *folder, const char *file)
{
	const char *base = base_name(file);
	char *name, *path;

	if (!*base || strcmp(file, "-") == 0) {
		trouble(file, "has no name that a report in a folder could have; give the name of "
		              "a file to -o");
		return NULL;
	}
	const size_t size = strlen(base) + sizeof(".txt");
	name = allocate(size);
	snprintf(name, size, "%s%s", base, has_end(base, ".txt") ? "" : ".txt");
	path = path_join(folder, name);
	free(name);
	return path;
}

static bool import_to(const struct arguments *a, const struct format *f, const char *file,
                      struct bytes *b)
{
	bool ok;

	if (!a->folder)
		return import(f, file, b, a->output);
	char *path = path_in(a->output, file);
	ok = path && import(f, file, b, path);
	free(path);
	return ok;
}

static bool import_file(const struct arguments *a, const char *file)
{
	struct bytes b;
	bool ok = false;

	if ((!a->from || strcmp(a->from->name, "hwloc") == 0) && format_is_folder(file))
		return import_to(a, NULL, file, NULL);
	if (!file_read(file, FORMAT_MAX, &b))
		return false;
	json_plain(&b);
	const struct format *from = a->from ? a->from : format_of(&b);
	if (!from)
		print_unknown(file, &b);
	else if (from->read)
		ok = import_to(a, from, file, &b);
	else
		ok = import_console(file, &b, a->output, a->number);
	free(b.at);
	return ok;
}

int command_import(int argc, char **argv)
{
	struct arguments a = { .in.foreign = true };
	bool ok = true;

	arguments_parse(&argp, argc, argv, &a);
	progress_start("importing", (size_t)a.in.count);
	for (int i = 0; i < a.in.count; i++) {
		const bool used = import_file(&a, a.in.file[i]);
		ok = ok && used;
		progress_step();
		if (!used && !inputs_leave_out(&a.in, a.in.file[i]))
			break;
	}
	progress_end();
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
