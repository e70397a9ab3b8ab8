/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/inputs.h"
#include "input/mask_file.h"
#include "input/output_file.h"
#include "mask/mask_vmx_merge.h"
#include "output/mask_spoof.h"
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
		arguments_missing(state, "a file");
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
	.doc = "Merges the masks of .vmx files, or of files with such lines, into lines that hide "
	       "whatever any of the files hides. FILE can be - for standard input. Bit by bit: 0, "
	       "F or R in any file gives 0; everything else gives -, because nothing else is safe "
	       "on all hosts. featMask lines merge by name into the smallest Max. Messages name "
	       "what a file shows or demands of hosts and the result does not. Lines that "
	       "mask-explain warns of are merged, with the same warning. Other settings are left "
	       "out. A file without masks is an error.",
	.children = children,
};

/* Prints a message of two parts, of any length. */
static void print_line(const char *path, const char *first, const char *second)
{
	const size_t size = strlen(first) + strlen(second) + 1;
	char *message = allocate(size);

	snprintf(message, size, "%s%s", first, second);
	trouble(path, message);
	free(message);
}

/* Prints what the merged mask does not keep of the bits of a line that have this letter. */
static void print_letter(FILE *f, const struct mask_line *l, char letter, const char *words)
{
	bool any = false;

	for (unsigned low = 0, high; low < MASK_BITS; low = high + 1) {
		const enum feature_id id = feature_at(l->at.leaf, l->at.subleaf, l->at.reg, low);
		const struct place at = { l->at.leaf, l->at.subleaf, l->at.reg, low, low };
		char place[PLACE_MAX];

		high = low;
		while (id != F_NONE && high < features[id].high && l->bit[high + 1] == l->bit[low])
			high++;
		if (l->bit[low] != letter)
			continue;
		fprintf(f, "%s%s", any ? ", " : words,
		        id == F_NONE ? print_place(place, &at) : feature_name(id));
		any = true;
	}
}

/* Names the bits of a line of which the merged mask keeps less than they say. */
static void print_dropped(const char *path, const struct mask_line *l)
{
	char *words = NULL, line[32];
	size_t size;
	FILE *f = stream_open(&words, &size);

	print_letter(f, l, 'T', "; the demand that hosts have these is not kept: ");
	print_letter(f, l, 'H', "; the demand that hosts are equal in these is not kept: ");
	print_letter(f, l, 'R', "; hidden, without the demand that hosts are equal in these: ");
	print_letter(f, l, 'F', "; hidden, without the demand that hosts lack these: ");
	print_letter(f, l, 'X', "; X becomes - for these: ");
	stream_close(f);
	if (size) {
		snprintf(line, sizeof(line), "line %zu", l->line);
		memcpy(words, ": ", 2);
		print_line(path, line, words);
	}
	free(words);
}

/* Names the featMask lines that are not merged: they add something, or are not about CPUID. */
static void print_names_dropped(const char *path, const struct mask_lines *lines)
{
	static const char left_out[] = "not merged, for a merged mask only hides features";
	char *words = NULL;
	size_t size, count = 0;
	FILE *f = stream_open(&words, &size);

	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++) {
		char name[PRINTABLE_MAX];

		if (!mask_merge_takes(n))
			fprintf(f, "%s %s%s (line %zu)", count++ ? "," : ":", mask_named_prefix(n),
			        printable(name, sizeof(name), n->of.name), n->line);
	}
	stream_close(f);
	if (count)
		print_line(path, left_out, words);
	free(words);
}

/* Says that what a line makes of the vendor, the brand string or the signature is not merged. */
static void print_spoof(const char *path, const struct mask_lines *lines, const struct mask_line *l)
{
	char words[PRINTABLE_MAX] = "a part of the signature", message[PRINTABLE_MAX + 64];

	mask_spoof_words(words, sizeof(words), lines, l);
	snprintf(message, sizeof(message), "line %zu: not merged: %s", l->line, words);
	trouble(path, message);
}

/* Prints what is in a file and not in the result. */
static void print_left_out(const char *path, const struct mask_lines *lines)
{
	char message[160];

	print_names_dropped(path, lines);
	for (const struct mask_setting *s = lines->setting; s < lines->setting + lines->settings;
	     s++) {
		snprintf(message, sizeof(message), "line %zu: not merged: the %s", s->line,
		         s->name);
		trouble(path, message);
	}
	if (lines->complete)
		trouble(path, "completeMasks also hides features for which no name is known; the "
		              "merged mask does not");
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++) {
		const struct mask_line *earlier = mask_line_earlier(lines, l);

		if (mask_line_spoofs(l)) {
			print_spoof(path, lines, l);
			continue;
		}
		print_dropped(path, l);
		if (!earlier)
			continue;
		snprintf(message, sizeof(message),
		         "line %zu: same register as line %zu; both are merged", l->line,
		         earlier->line);
		trouble(path, message);
	}
}

static void print_warning(const struct mask_explained *e, size_t line, const char *message)
{
	char text[256];

	snprintf(text, sizeof(text), "line %zu: warning: ", line);
	print_line(e->path, text, message);
}

/* Warns of lines that have no effect or do harm, as they also will in the result. */
static void print_warnings(const char *path, const struct mask_lines *lines)
{
	struct mask_explained e = { print_warning, .path = path, .lines = lines };

	e.hw = mask_hw_of(lines, 0);
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		if (!mask_line_spoofs(l))
			mask_warn_merged(&e, l);
	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++)
		mask_warn_named_merged(&e, n);
}

static void print_forced_row(const struct place *at, bool hidden)
{
	const enum feature_id id = feature_of(at);
	char place[PLACE_MAX];

	print_place(place, at);
	fprintf(stderr, "cpulevel: %s%s%s: %s\n", feature_name(id), id == F_NONE ? "" : " ", place,
	        hidden ? "hidden, although a file forces it to 1"
	               : "a file forces it to 1; the merged mask does not");
}

/* Names the features and fields of a register that files force to 1, on hosts of any vendor. */
static void print_forced_register(const struct mask_merge *m, const struct mask_merge_register *r)
{
	for (unsigned low = 0, high; low < MASK_BITS; low = high + 1) {
		const enum feature_id id = feature_at(r->at.leaf, r->at.subleaf, r->at.reg, low);
		bool forced = false, hidden = mask_merge_hides_name(m, id);

		high = id == F_NONE ? low : features[id].high;
		const struct place at = { r->at.leaf, r->at.subleaf, r->at.reg, low, high };
		const uint32_t bits = place_mask(low, high);
		for (unsigned v = 0; v < MASK_VENDORS; v++) {
			forced |= (r->force[v] & bits) != 0;
			hidden |= (r->force[v] & r->hide[v] & bits) != 0;
		}
		if (forced)
			print_forced_row(&at, hidden);
	}
}

static void print_forced(const struct mask_merge *m)
{
	for (const struct mask_merge_register *r = m->at; r < m->at + m->count; r++)
		print_forced_register(m, r);
}

static bool write_lines(const struct mask_merge *m, const struct arguments *a)
{
	/* The longest line: cpuid., two numbers of eight digits, .ecx.intel, and 45 characters; or
	 * featMask.vm., a name of 63 characters, and a number of 20. */
	const size_t room = m->count * MASK_VENDORS * 80 + m->names * 128 + 1;
	char *buffer = allocate(room);
	struct text t;

	text_start(&t, buffer, room);
	mask_merge_write(&t, m, a->grouped);
	if (t.full)
		out_of_memory();
	const bool ok = output_file_write(&a->output, buffer, t.used);
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

	arguments_parse(&argp, argc, argv, &a);
	mask_merge_start(m);
	for (int i = 0; ok && i < a.count; i++) {
		ok = mask_file_read(a.file[i], false, lines);
		if (!ok)
			break;
		print_left_out(a.file[i], lines);
		print_warnings(a.file[i], lines);
		if (!mask_merge_add(m, lines))
			out_of_memory();
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
