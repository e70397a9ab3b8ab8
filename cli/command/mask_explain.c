/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/inputs.h"
#include "input/load.h"
#include "input/mask_file.h"
#include "mask/mask.h"
#include "mask/mask_vmx_merge.h"
#include "output/caveats.h"
#include "output/left_out.h"
#include "output/mask_spoof.h"
#include "output/mask_warn.h"
#include "output/print.h"
#include "table/feature_names.h"

#define WORDS 46 /* the column of descriptions, if names are not longer */

struct arguments {
	struct inputs in; /* of it only trust, strict, count, and what is left out */
	char **file;
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
		state->child_inputs[0] = &a->in.trust;
		state->child_inputs[1] = &a->in;
		return 0;
	case ARGP_KEY_ARGS:
		inputs_operands(state);
		a->file = state->argv + state->next;
		a->in.count = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		arguments_missing(state, "a file");
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
	  "The VM runs only on these hosts: warn of what they have and needs a hidden feature", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &inputs_trust_argp, 0, NULL, 0 },
	{ &inputs_strict_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE...",
	.doc = "Explains the masks of .vmx files, register lines and featMask lines, feature by "
	       "feature, and warns of what has no effect or does harm: a wrong length, bits in the "
	       "wrong order, leaf 0 overwritten, a whole register hidden, bits forced to 1, a "
	       "repeated key, two lines that say the opposite, and, with --pool, a feature hidden "
	       "without those that need it; without --pool these are notes. FILE can be - "
	       "for standard input. Exit status: 0 no "
	       "warning, 1 a warning, 2 trouble, such as a file without masks.",
	.children = children,
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

/* Prints a place that belongs to one row or to none. */
static void print_row(const struct place *at)
{
	const enum feature_id id = feature_of(at);
	char place[PLACE_MAX];

	print_place(place, at);
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
		const struct place at = { l->at.leaf, l->at.subleaf, l->at.reg, low, high };
		print_row(&at);
	}
}

static void explain_line(struct mask_explained *e, const struct mask_line *l)
{
	char buffer[48], path[4096];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	mask_key_write(&t, &l->at, l->vendor);
	printf("%s:%zu: %s\n", printable(path, sizeof(path), e->path), l->line, text_string(&t));
	if (!mask_spoof_print(e->lines, l))
		for (enum mask_effect effect = MASK_HIDES; effect < MASK_NOTHING; effect++)
			print_effect(l, effect, e->hw);
	mask_warn_line(e, l);
}

/* Prints what a guest sees of a number: "is 13 (0xd)". */
static void print_number(const struct mask_named *n)
{
	static const char *const words[] = {
		[MASK_VAL] = "is", [MASK_MAX] = "is at most", [MASK_MIN] = "is at least"
	};

	printf("  %s %s %llu", n->of.name + strlen("cpuid."), words[n->value.op],
	       (unsigned long long)n->value.number);
	if (n->value.number > 9)
		printf(" (%llXH)", (unsigned long long)n->value.number);
	putchar('\n');
}

/* Prints the rows of a capability by what the line does to them. */
static void print_capability(const struct mask_named *n, unsigned hw)
{
	enum mask_effect last = MASK_NOTHING;

	for (size_t i = 0; i < n->of.ids; i++) {
		const enum mask_effect effect = mask_named_effect(n, n->of.id[i], hw);
		const struct place at = feature_place(n->of.id[i]);

		if (effect == MASK_NOTHING)
			continue;
		if (effect != last)
			printf("  %s%s\n", effect_text[effect],
			       n->of.ids > 1 ? "; one place for each vendor" : "");
		last = effect;
		print_row(&at);
	}
	if (last == MASK_NOTHING)
		printf("  leaves the host's value\n");
}

static void explain_named(struct mask_explained *e, const struct mask_named *n)
{
	char path[4096], name[PRINTABLE_MAX];

	printf("%s:%zu: %s%s\n", printable(path, sizeof(path), e->path), n->line,
	       mask_named_prefix(n), printable(name, sizeof(name), n->of.name));
	switch (n->of.kind) {
	case MASK_NAMED_BIT:
		print_capability(n, e->hw);
		break;
	case MASK_NAMED_NUMBER:
		print_number(n);
		break;
	case MASK_NAMED_VENDOR:
		printf("  %s that the vendor is %s\n", n->value.number ? "says" : "denies",
		       n->of.name + strlen("cpuid."));
		break;
	case MASK_NAMED_UNKNOWN:
	case MASK_NAMED_OTHER:
		printf("  %s:%llu, not explained: %s\n", mask_op_name(n->value.op),
		       (unsigned long long)n->value.number,
		       n->host                          ? "for a host, not for a VM"
		       : n->of.kind == MASK_NAMED_OTHER ? "no feature of CPUID"
		                                        : "an unknown name");
		break;
	}
	mask_warn_named(e, n);
}

static void print_warning(const struct mask_explained *e, size_t line, const char *message)
{
	(void)e;
	(void)line;
	printf("  warning: %s\n", message);
}

/* Prints what is no line for a register or a capability. */
static void print_settings(const struct mask_explained *e)
{
	char path[4096], value[PRINTABLE_MAX];

	printable(path, sizeof(path), e->path);
	for (const struct mask_setting *s = e->lines->setting;
	     s < e->lines->setting + e->lines->settings; s++)
		printf("%s:%zu: sets the %s: \"%s\"\n", path, s->line, s->name,
		       printable(value, sizeof(value), s->value));
	if (e->lines->complete)
		printf("%s:%zu: completeMasks\n  hides every capability that no featMask line "
		       "names\n",
		       path, e->lines->complete);
}

/* Prints how much was explained: "a.vmx: 4 register masks, 2 featMask lines, for ...". */
static void print_summary(const struct mask_explained *e)
{
	const size_t count = e->lines->count, names = e->lines->names;
	char path[4096];

	printf("%s: ", printable(path, sizeof(path), e->path));
	if (count)
		printf("%zu register mask%s, ", count, count == 1 ? "" : "s");
	if (names)
		printf("%zu featMask line%s, ", names, names == 1 ? "" : "s");
	printf("for hardware version %u\n", e->hw);
}

static void print_note(enum feature_id hidden, const char *names)
{
	printf("  note: %s is hidden; hosts that have these still show them:%s\n",
	       feature_name(hidden), names);
}

/* Explains the lines of both kinds in the order of the file. */
static void explain_file(struct mask_explained *e)
{
	const struct mask_line *l = e->lines->at, *end = l + e->lines->count;
	const struct mask_named *n = e->lines->name, *end_name = n + e->lines->names;

	while (l < end || n < end_name)
		if (n == end_name || (l < end && l->line < n->line))
			explain_line(e, l++);
		else
			explain_named(e, n++);
	print_settings(e);
	print_summary(e);
	mask_warn_needs(e);
	mask_note_needs(e, print_note);
}

/* Sets *seen to what any host of a pool has.  Returns false after a message. */
static bool load_seen(const char *path, const struct trust *trust, struct cpuid_set *seen)
{
	struct seal_found seal;
	struct pool *pool = load_pool(path, trust, &seal);
	struct merge *m = allocate(sizeof(*m));
	const bool ok = pool && pool_merge(pool, m);

	if (ok) {
		*seen = m->high;
		caveats_print_pool(pool);
	} else if (pool) {
		trouble(path, err_text(ERR_MANY_LEAVES));
	}
	free(m);
	load_pool_free(pool);
	return ok;
}

int command_mask_explain(int argc, char **argv)
{
	struct mask_lines *lines = allocate(sizeof(*lines));
	struct arguments a = { .hw = 0 };
	static struct cpuid_set seen;
	size_t warnings = 0;

	arguments_parse(&argp, argc, argv, &a);
	const bool ok = !a.pool || load_seen(a.pool, &a.in.trust, &seen);
	for (int i = 0; ok && i < a.in.count; i++) {
		if (!mask_file_read(a.file[i], true, lines)) {
			if (!inputs_leave_out(&a.in, a.file[i]))
				break;
			continue;
		}
		struct mask_explained e = { print_warning, .path = a.file[i], .lines = lines };
		e.hw = mask_hw_of(lines, a.hw);
		e.seen = a.pool ? &seen : NULL;
		explain_file(&e);
		warnings += e.warnings;
	}
	mask_lines_free(lines);
	free(lines);
	if (!a.in.strict && inputs_any_used(&a.in))
		left_out_show_names(a.in.left_out, a.in.left_outs);
	if (!output_write("", 0) || !ok)
		return EXIT_TROUBLE;
	return inputs_exit(&a.in, warnings ? EXIT_NO : EXIT_YES);
}
