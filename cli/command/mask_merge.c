/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/file.h"
#include "input/mask_file.h"
#include "mask/mask_vmx_merge.h"
#include "output/mask_warn.h"
#include "output/print.h"
#include "table/feature.h"

struct arguments {
	char **file;
	int count;
	const char *output;
	bool force, grouped;
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
	case 'g':
		a->grouped = true;
		return 0;
	case ARGP_KEY_ARGS:
		a->file = state->argv + state->next;
		a->count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "grouped", 'g', NULL, 0, "Groups of four with colons between, as VMware writes", 0 },
	{ "output", 'o', "FILE", 0, "Write to this file instead of standard output", 0 },
	{ "force", 'f', NULL, 0, "Replace the file of -o if it exists", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Merges the register masks of .vmx files, or of files of such lines, into one set "
	       "of lines that hides whatever any of them hides; - is standard input. By bit: 0, F "
	       "and R of any file are 0; everything else is -, for nothing else is safe on all "
	       "hosts. A bit that one file forces to 1 (1, T) and another hides is 0, and that is "
	       "said. What mask-explain warns of in a line by itself is warned of. Other settings "
	       "of a "
	       "file, featMask lines too, are left out.",
};

/* Says what of a file's lines the result does not show. */
static void say_file(const char *path, const struct mask_lines *lines)
{
	char message[160];

	if (lines->count == 0)
		trouble(path, "no register masks");
	if (lines->features) {
		snprintf(message, sizeof(message),
		         "%zu featMask line%s, which hide by name, left out: merge them by hand",
		         lines->features, lines->features == 1 ? "" : "s");
		trouble(path, message);
	}
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++) {
		const struct mask_line *earlier = mask_line_earlier(lines, l);

		if (!earlier)
			continue;
		snprintf(message, sizeof(message),
		         "line %zu: the register of line %zu again; both count", l->line,
		         earlier->line);
		trouble(path, message);
	}
}

static void say_warning(const struct mask_explained *e, const struct mask_line *l,
                        const char *message)
{
	char line[256];

	snprintf(line, sizeof(line), "line %zu: warning: %s", l->line, message);
	trouble(e->path, line);
}

/* Says which of a file's lines do nothing or harm, as they will in the result. */
static void say_warnings(const char *path, const struct mask_lines *lines)
{
	struct mask_explained e = { say_warning, .path = path, .lines = lines };

	e.hw = mask_hw_of(lines, 0);
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		mask_warn_merged(&e, l);
}

static void say_bit(const struct mask_merge_register *r, unsigned bit, bool hidden)
{
	const struct place at = place_bit(r->at.leaf, r->at.subleaf, r->at.reg, bit);
	const enum feature_id id = feature_of(&at);
	char place[PLACE_MAX];

	print_place(place, &at);
	fprintf(stderr, "cpulevel: %s%s%s: %s\n", feature_name(id), id == F_NONE ? "" : " ", place,
	        hidden ? "one file forces it to 1 and another hides it: hidden"
	               : "forced to 1 by a file; a merged mask forces nothing");
}

/* Says what files force to 1, on hosts of any vendor. */
static void say_forced(const struct mask_merge *m)
{
	for (const struct mask_merge_register *r = m->at; r < m->at + m->count; r++)
		for (unsigned bit = 0; bit < MASK_BITS; bit++) {
			bool forced = false, hidden = false;

			for (unsigned v = 0; v < MASK_VENDORS; v++) {
				forced |= r->force[v] >> bit & 1;
				hidden |= (r->force[v] & r->hide[v]) >> bit & 1;
			}
			if (forced)
				say_bit(r, bit, hidden);
		}
}

static bool write_lines(const struct mask_merge *m, const struct arguments *a)
{
	/* The longest line: cpuid., two numbers of eight digits, .ecx.intel, and 45 characters. */
	const size_t room = m->count * MASK_VENDORS * 80 + 1;
	char *buffer = allocate(room);
	struct text t;
	bool ok = false;

	text_start(&t, buffer, room);
	mask_merge_write(&t, m, a->grouped);
	if (t.full)
		trouble("mask-merge", err_text(ERR_MEMORY));
	else if (a->output)
		ok = file_write(a->output, buffer, t.used, 0644, a->force);
	else
		ok = output_write(buffer, t.used);
	if (ok && t.used == 0)
		fprintf(stderr, "nothing to hide: no file hides anything\n");
	free(buffer);
	return ok;
}

int command_mask_merge(int argc, char **argv)
{
	struct mask_lines *lines = allocate(sizeof(*lines));
	struct mask_merge *m = allocate(sizeof(*m));
	struct arguments a = { .count = 0 };
	bool ok = true;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	mask_merge_start(m);
	for (int i = 0; ok && i < a.count; i++) {
		ok = mask_file_read(a.file[i], false, lines);
		if (!ok)
			break;
		say_file(a.file[i], lines);
		say_warnings(a.file[i], lines);
		ok = mask_merge_add(m, lines);
		if (!ok)
			trouble(a.file[i], err_text(ERR_MEMORY));
	}
	if (ok) {
		say_forced(m);
		ok = write_lines(m, &a);
	}
	mask_merge_free(m);
	mask_lines_free(lines);
	free(m);
	free(lines);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
