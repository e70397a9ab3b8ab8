/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "input/inputs.h"
#include "input/mask_file.h"
#include "input/output_file.h"
#include "mask/mask_vmx_merge.h"
#include "output/mask_warn.h"
#include "output/print.h"
#include "table/feature.h"

struct arguments {
	char **file;
	int count;
	bool grouped;
	struct output_file output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	(void)arg;
	switch (key) {
	case 'g':
		a->grouped = true;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->file = state->argv + state->next;
		a->count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_usage(state);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->output;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "grouped", 'g', NULL, 0, "Put colons between groups of four, as VMware writes them", 0 },
	{ 0 },
};

static const struct argp_child children[] = { { &output_file_argp, 0, NULL, 0 }, { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Merges the register masks of .vmx files, or of files with such lines, into lines "
	       "that hide whatever any of the files hides. FILE can be - for standard input. "
	       "Bit by bit: 0, F or R in any file gives 0; everything else gives -, because "
	       "nothing else is safe on all hosts. A message names each bit that a file forces "
	       "to 1. Lines that mask-explain warns of are merged, with the same warning. "
	       "Other settings are left out, featMask lines too.",
	.children = children,
};

/* Prints what is in a file and not in the result. */
static void print_left_out(const char *path, const struct mask_lines *lines)
{
	char message[160];

	if (lines->count == 0)
		trouble(path, "no register masks in this file");
	if (lines->features) {
		snprintf(message, sizeof(message),
		         "featMask lines are not merged (%zu in this file); merge them by hand",
		         lines->features);
		trouble(path, message);
	}
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++) {
		const struct mask_line *earlier = mask_line_earlier(lines, l);

		if (!earlier)
			continue;
		snprintf(message, sizeof(message),
		         "line %zu: same register as line %zu; both are merged", l->line,
		         earlier->line);
		trouble(path, message);
	}
}

static void print_warning(const struct mask_explained *e, const struct mask_line *l,
                          const char *message)
{
	char line[256];

	snprintf(line, sizeof(line), "line %zu: warning: %s", l->line, message);
	trouble(e->path, line);
}

/* Warns of lines that have no effect or do harm, as they also will in the result. */
static void print_warnings(const char *path, const struct mask_lines *lines)
{
	struct mask_explained e = { print_warning, .path = path, .lines = lines };

	e.hw = mask_hw_of(lines, 0);
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		mask_warn_merged(&e, l);
}

static void print_bit(const struct mask_merge_register *r, unsigned bit, bool hidden)
{
	const struct place at = place_bit(r->at.leaf, r->at.subleaf, r->at.reg, bit);
	const enum feature_id id = feature_of(&at);
	char place[PLACE_MAX];

	print_place(place, &at);
	fprintf(stderr, "cpulevel: %s%s%s: %s\n", feature_name(id), id == F_NONE ? "" : " ", place,
	        hidden ? "hidden, although a file forces it to 1"
	               : "a file forces it to 1; the merged mask does not");
}

/* Names the bits that files force to 1, on hosts of any vendor. */
static void print_forced(const struct mask_merge *m)
{
	for (const struct mask_merge_register *r = m->at; r < m->at + m->count; r++)
		for (unsigned bit = 0; bit < MASK_BITS; bit++) {
			bool forced = false, hidden = false;

			for (unsigned v = 0; v < MASK_VENDORS; v++) {
				forced |= r->force[v] >> bit & 1;
				hidden |= (r->force[v] & r->hide[v]) >> bit & 1;
			}
			if (forced)
				print_bit(r, bit, hidden);
		}
}

static bool write_lines(const struct mask_merge *m, const struct arguments *a)
{
	/* The longest line: cpuid., two numbers of eight digits, .ecx.intel, and 45 characters. */
	const size_t room = m->count * MASK_VENDORS * 80 + 1;
	char *buffer = allocate(room);
	struct text t;

	text_start(&t, buffer, room);
	mask_merge_write(&t, m, a->grouped);
	const bool ok = !t.full && output_file_write(&a->output, buffer, t.used);
	if (t.full)
		trouble("mask-merge", err_text(ERR_MEMORY));
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
		print_left_out(a.file[i], lines);
		print_warnings(a.file[i], lines);
		ok = mask_merge_add(m, lines);
		if (!ok)
			trouble(a.file[i], err_text(ERR_MEMORY));
	}
	if (ok) {
		print_forced(m);
		ok = write_lines(m, &a);
	}
	mask_merge_free(m);
	mask_lines_free(lines);
	free(m);
	free(lines);
	return ok ? EXIT_YES : EXIT_TROUBLE;
}
