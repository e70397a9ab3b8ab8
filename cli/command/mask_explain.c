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

struct arguments {
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
	{ "hw-version", 'w', "N", 0,
	  "The machine's virtual hardware version, 4 or 6 to 22, if the file has no "
	  "virtualHW.version. "
	  "Default 22",
	  0 },
	{ "pool", 'p', "POOL", 0,
	  "The machine runs on these hosts only: what none of them has need not be hidden", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Says in words what the register masks of .vmx files do, bit by bit, and warns of "
	       "what does nothing or harms: a wrong length or order of bits, leaf 0 overwritten, a "
	       "register hidden whole, bits forced to 1, a key twice, a feature hidden without "
	       "those that need it. Exit status 0 if there is nothing to warn of, 1 if there is.",
};

static const char *const effect_text[MASK_NOTHING] = {
	[MASK_HIDES] = "hides",
	[MASK_UNSEEN] = "hides, but VMware shows it to no such machine anyway",
	[MASK_UNNAMED] = "hides, but the table has no name for it",
	[MASK_ABSENT] = "hides, and the machine starts only where the host lacks it",
	[MASK_RESERVES] = "hides, and the machine moves only between hosts that agree",
	[MASK_FORCES] = "forces to 1",
	[MASK_DEMANDS] = "shows, and the machine starts only where the host has it",
	[MASK_HOSTS] =
		"shows as the host has it, and the machine moves only between hosts that agree",
	[MASK_IGNORES] = "leaves to VMware, and nothing is checked",
};

/* Prints bits low to high, which are of one row or of none. */
static void print_bits(const struct mask_line *l, unsigned low, unsigned high)
{
	const struct place at = { l->at.leaf, l->at.subleaf, l->at.reg, low, high };
	const enum feature_id id = feature_of(&at);
	char place[PLACE_MAX];

	print_place(place, &at);
	if (id == F_NONE)
		printf("    %-22s %s\n", "(no name)", place);
	else
		printf("    %-22s %-18s %s\n", feature_name(id), place, feature_about(id));
}

/* Prints the bits of a line that have an effect, under its heading. */
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

static void say_warning(const struct mask_explained *e, const struct mask_line *l,
                        const char *message)
{
	(void)e;
	(void)l;
	printf("  warning: %s\n", message);
}

static void explain_file(struct mask_explained *e)
{
	const size_t lines = e->lines->count, by_name = e->lines->features;
	char path[4096];

	for (size_t i = 0; i < lines; i++)
		explain_line(e, &e->lines->at[i]);
	printf("%s: %zu register mask%s, for hardware version %u\n",
	       printable(path, sizeof(path), e->path), lines, lines == 1 ? "" : "s", e->hw);
	if (by_name)
		printf("  not looked at: %zu featMask line%s, which hide by name\n", by_name,
		       by_name == 1 ? "" : "s");
	mask_warn_needs(e);
}

/* Finds what any host of a pool has. */
static bool load_seen(const char *path, struct cpuid_set *seen)
{
	struct pool *pool = load_pool(path);
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
	bool ok = !a.pool || load_seen(a.pool, &seen);
	for (int i = 0; ok && i < a.count; i++) {
		ok = mask_file_read(a.file[i], true, lines);
		if (!ok)
			break;
		struct mask_explained e = { say_warning, .path = a.file[i], .lines = lines };
		e.hw = mask_hw_of(lines, a.hw);
		e.seen = a.pool ? &seen : NULL;
		explain_file(&e);
		warnings += e.warnings;
	}
	mask_lines_free(lines);
	free(lines);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return warnings ? EXIT_NO : EXIT_YES;
}
