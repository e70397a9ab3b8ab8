/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/load.h"
#include "input/mask_file.h"
#include "mask/mask.h"
#include "mask/mask_vmx_merge.h"
#include "output/mask_warn.h"
#include "output/print.h"
#include "table/feature_names.h"

#define WORDS 46 /* the column of descriptions, if names are not longer */

struct arguments {
	struct trust trust;
	char **file;
	int count;
	unsigned hw;
	const char *pool;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'w':
		a->hw = inputs_hw(arg, state);
		return 0;
	case 'p':
		a->pool = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->trust;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
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
	{ "hw-version", 'w', "N", 0,
	  "The VM's virtual hardware version, 4 or 6 to 22, if the file has no virtualHW.version. "
	  "Default 22",
	  0 },
	{ "pool", 'p', "POOL", 0,
	  "The VM runs only on these hosts; features that none of them has are ignored", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Explains the register masks of .vmx files bit by bit, and warns of what has no "
	       "effect or does harm: a wrong length, bits in the wrong order, leaf 0 overwritten, "
	       "a whole register hidden, bits forced to 1, a repeated key, a feature hidden "
	       "without the features that need it. FILE can be - for standard input. Exit status: "
	       "0 no warning, 1 a warning, 2 no register masks.",
	.children = inputs_trust_children,
};

static const char *const effect_text[MASK_NOTHING] = {
	[MASK_HIDES] = "hides",
	[MASK_UNSEEN] = "hides, but VMware never shows it to such a VM",
	[MASK_UNNAMED] = "hides, but it has no name in the table",
	[MASK_ABSENT] = "hides, and the VM starts only on hosts that lack it",
	[MASK_RESERVES] = "hides, and the VM migrates only between hosts with the same value",
	[MASK_FORCES] = "forces to 1",
	[MASK_DEMANDS] = "shows, and the VM starts only on hosts that have it",
	[MASK_HOSTS] = "shows, and the VM migrates only between hosts with the same value",
	[MASK_IGNORES] = "leaves to VMware, without a check",
};

/* Prints the bits low to high, which belong to one row or to none. */
static void print_bits(const struct mask_line *l, unsigned low, unsigned high)
{
	const struct place at = { l->at.leaf, l->at.subleaf, l->at.reg, low, high };
	const enum feature_id id = feature_of(&at);
	char place[PLACE_MAX];

	print_place(place, &at);
	int column = printf("    %-22s %s", id == F_NONE ? "(no name)" : feature_name(id), place);
	print_part(&column, column < WORDS ? WORDS - column : 1, feature_about(id), 8);
	putchar('\n');
}

/* Prints the bits of a line with this effect, after a heading. */
static void print_effect(const struct mask_line *l, enum mask_effect effect, unsigned hw)
{
	bool first = true;

	for (unsigned low = 0, high; low < MASK_BITS; low = high + 1) {
		const enum feature_id id = feature_at(l->at.leaf, l->at.subleaf, l->at.reg, low);

		high = low;
		if (mask_effect(l, low, hw) != effect)
			continue;
		while (high + 1 < MASK_BITS && mask_effect(l, high + 1, hw) == effect &&
		       feature_at(l->at.leaf, l->at.subleaf, l->at.reg, high + 1) == id)
			high++;
		if (first)
			printf("  %s\n", effect_text[effect]);
		first = false;
		print_bits(l, low, high);
	}
}

static void explain_line(struct mask_explained *e, const struct mask_line *l)
{
	char buffer[48], path[4096];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	mask_key_write(&t, &l->at, l->vendor);
	printf("%s:%zu: %s\n", printable(path, sizeof(path), e->path), l->line, text_string(&t));
	for (enum mask_effect effect = MASK_HIDES; effect < MASK_NOTHING; effect++)
		print_effect(l, effect, e->hw);
	mask_warn_line(e, l);
}

static void print_warning(const struct mask_explained *e, const struct mask_line *l,
                          const char *message)
{
	(void)e;
	(void)l;
	printf("  warning: %s\n", message);
}

/* Returns false after a message if the file has no register mask. */
static bool explain_file(struct mask_explained *e)
{
	const size_t lines = e->lines->count, by_name = e->lines->features;
	char path[4096];

	if (lines == 0) {
		trouble(e->path, by_name ? "no register masks in this file, and featMask lines are "
		                           "not checked"
		                         : "no register masks in this file");
		return false;
	}
	for (size_t i = 0; i < lines; i++)
		explain_line(e, &e->lines->at[i]);
	printf("%s: %zu register mask%s, for hardware version %u\n",
	       printable(path, sizeof(path), e->path), lines, lines == 1 ? "" : "s", e->hw);
	if (by_name)
		printf("  not checked: %zu featMask line%s\n", by_name, by_name == 1 ? "" : "s");
	mask_warn_needs(e);
	return true;
}

/* Sets *seen to what any host of a pool has.  Returns false after a message. */
static bool load_seen(const char *path, const struct trust *trust, struct cpuid_set *seen)
{
	struct seal_found seal;
	struct pool *pool = load_pool(path, trust, &seal);
	struct merge *m = allocate(sizeof(*m));
	const bool ok = pool && pool_merge(pool, m);

	if (ok)
		*seen = m->high;
	else if (pool)
		trouble(path, err_text(ERR_MANY_LEAVES));
	free(m);
	load_pool_free(pool);
	return ok;
}

int command_mask_explain(int argc, char **argv)
{
	struct mask_lines *lines = allocate(sizeof(*lines));
	struct arguments a = { .count = 0 };
	static struct cpuid_set seen;
	size_t warnings = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &a);
	bool ok = !a.pool || load_seen(a.pool, &a.trust, &seen);
	for (int i = 0; ok && i < a.count; i++) {
		ok = mask_file_read(a.file[i], true, lines);
		if (!ok)
			break;
		struct mask_explained e = { print_warning, .path = a.file[i], .lines = lines };
		e.hw = mask_hw_of(lines, a.hw);
		e.seen = a.pool ? &seen : NULL;
		ok = explain_file(&e);
		warnings += e.warnings;
	}
	mask_lines_free(lines);
	free(lines);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return warnings ? EXIT_NO : EXIT_YES;
}
