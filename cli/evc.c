/* SPDX-License-Identifier: MIT */
#include "evc.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "load.h"
#include "mask.h"
#include "names.h"
#include "print.h"

#define WITHOUT_MAX 64
#define COLUMNS     79

struct arguments {
	struct inputs in;
	bool mask, grouped;
	unsigned hw;
	size_t count;
	struct place without[WITHOUT_MAX]; /* hidden as well */
};

/* Takes "NAME=0"; what is wrong with it has been said. */
static bool add_without(struct arguments *a, const char *arg)
{
	const char *equals = strchr(arg, '=');

	if (!equals || strcmp(equals, "=0") != 0) {
		trouble(arg, "NAME=0 is expected: a mask can hide a feature, not add one");
		return false;
	}
	if (a->count == WITHOUT_MAX) {
		trouble(arg, "too many features");
		return false;
	}
	struct place *at = &a->without[a->count];
	char *name = allocate(strlen(arg) + 1);
	memcpy(name, arg, (size_t)(equals - arg));
	bool ok = name_place(name, at);
	free(name);
	if (ok && at->low != at->high) {
		trouble(arg, "not a single bit");
		ok = false;
	}
	a->count += ok;
	return ok;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'm':
		a->mask = true;
		return 0;
	case 'g':
		a->grouped = true;
		return 0;
	case 'x':
		if (!add_without(a, arg))
			exit(EXIT_TROUBLE);
		return 0;
	case 'w':
		a->hw = inputs_number(arg, MASK_HW_MIN, MASK_HW_MAX, "--hw-version", state);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	case ARGP_KEY_END:
		if ((a->mask && a->in.count != 1) || (a->count && !a->mask))
			argp_usage(state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "mask", 'm', NULL, 0, "Print the register masks of the mode for a VMware .vmx file", 0 },
	{ "with", 'x', "NAME=0", 0, "With --mask: hide this feature as well; several times", 0 },
	{ "hw-version", 'w', "N", 0,
	  "With --mask: the machine's virtual hardware version, 4 to 22. Default 22", 0 },
	{ "grouped", 'g', NULL, 0, "With --mask: groups of four with colons between", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[MODE [MODE]|REPORT|POOL]",
	.doc = "Without an argument lists the EVC modes of VMware that are known. Of one mode, "
	       "says "
	       "what it guarantees; of two, in what they differ (exit status 1 if they do); of a "
	       "host or a pool, the highest mode that it qualifies for and what keeps it from the "
	       "next (exit status 1 if there is none). Every answer names the weakest source that "
	       "it rests on: the table is no vCenter's own.",
	.children = inputs_children,
};

/* partial: the answer rests on a mode of which only what it adds is known. */
static void say_source(enum evc_source source, bool partial)
{
	if (partial)
		printf("  what the first of these modes has was not found: there may be more\n");
	printf("source: %s (%s)\n", evc_source_name(source), evc_source_about(source));
}

static void list_modes(void)
{
	struct evc *mode = allocate(sizeof(*mode));
	bool used[EVC_SOURCES] = { false };

	for (size_t i = 0; i < evc_count(); i++) {
		evc_mode(mode, i);
		used[mode->source] = true;
		printf("%-22s %2u  %-11s %s\n", mode->key, mode->tier,
		       evc_source_name(mode->source), mode->about);
	}
	putchar('\n');
	for (enum evc_source s = EVC_STORY; s < EVC_SOURCES; s++)
		if (used[s])
			printf("%-11s %s\n", evc_source_name(s), evc_source_about(s));
	free(mode);
}

/* Says what is missing to tell a mode from a file: neither is there. */
static void unknown_mode(const char *name)
{
	struct evc *mode = allocate(sizeof(*mode));
	char line[1024] = "no EVC mode of this name, and no file; there are";
	size_t used = strlen(line);

	for (size_t i = 0; i < evc_count() && used < sizeof(line); i++) {
		evc_mode(mode, i);
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s %s", i ? "," : "",
		                         mode->key);
	}
	trouble(name, line);
	free(mode);
}

/* Rows that a caller picks, wrapped, behind a word; nothing if there are none. */
typedef bool pick(const void *ctx, enum feature_id id);

static size_t print_rows(const char *word, pick *picks, const void *ctx)
{
	size_t column = 0, count = 0;

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const char *name = feature_name((enum feature_id)id);

		if (!picks(ctx, (enum feature_id)id))
			continue;
		if (count++ == 0)
			column = (size_t)printf("  %s:", word);
		if (column + 1 + strlen(name) > COLUMNS)
			column = (size_t)printf("\n   ") - 1;
		column += (size_t)printf(" %s", name);
	}
	if (count)
		putchar('\n');
	return count;
}

static bool is_guaranteed(const void *ctx, enum feature_id id)
{
	return ((const struct evc *)ctx)->state[id] == EVC_HAS;
}

static bool is_allowed(const void *ctx, enum feature_id id)
{
	return ((const struct evc *)ctx)->state[id] == EVC_MAY;
}

static int show_mode(const struct evc *mode)
{
	printf("%s: %s, tier %u\n", mode->key, mode->about, mode->tier);
	print_rows("guarantees", is_guaranteed, mode);
	print_rows("shows where the host has it", is_allowed, mode);
	if (mode->others)
		printf("  sets or needs besides:\n");
	for (size_t i = 0; i < mode->others; i++)
		printf("    %s = %s\n", mode->other[i].name, mode->other[i].value);
	say_source(mode->source, mode->partial);
	return EXIT_YES;
}

static enum evc_source weaker(enum evc_source a, enum evc_source b)
{
	return a > b ? a : b;
}

struct pair {
	const struct evc *a, *b;
};

static bool only_first(const void *ctx, enum feature_id id)
{
	const struct pair *p = ctx;

	return p->a->state[id] != EVC_LACKS && p->b->state[id] == EVC_LACKS;
}

static bool need_differs(const void *ctx, enum feature_id id)
{
	const struct pair *p = ctx;

	return p->a->state[id] == EVC_HAS && p->b->state[id] == EVC_MAY;
}

static size_t print_only(const struct evc *a, const struct evc *b)
{
	const struct pair pair = { a, b };
	char word[96];

	snprintf(word, sizeof(word), "only %s", a->key);
	size_t count = print_rows(word, only_first, &pair);
	snprintf(word, sizeof(word), "hosts need for %s only", a->key);
	count += print_rows(word, need_differs, &pair);
	return count;
}

static const char *value_in(const struct evc *mode, const char *name)
{
	for (size_t i = 0; i < mode->others; i++)
		if (strcmp(mode->other[i].name, name) == 0)
			return mode->other[i].value;
	return "?";
}

static int show_difference(const struct evc *a, const struct evc *b)
{
	printf("%s and %s\n", a->key, b->key);
	const size_t count = print_only(a, b) + print_only(b, a);
	if (!count)
		printf("  do not differ in any feature that is known\n");
	for (size_t i = 0; i < a->others; i++) {
		const char *other = value_in(b, a->other[i].name);
		if (strcmp(other, a->other[i].value) != 0)
			printf("  %s: %s | %s\n", a->other[i].name, a->other[i].value, other);
	}
	say_source(weaker(a->source, b->source), a->partial || b->partial);
	return count ? EXIT_NO : EXIT_YES;
}

struct missing {
	const struct evc *mode;
	const struct cpuid_set *promise;
};

static bool is_missing(const void *ctx, enum feature_id id)
{
	const struct missing *m = ctx;

	return evc_misses(m->mode, id, m->promise);
}

static bool qualifies(const struct evc *mode, const struct cpuid_set *promise)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (evc_misses(mode, (enum feature_id)id, promise))
			return false;
	return mode->source != EVC_UNKNOWN;
}

/* Finds the highest mode, and the one that comes next.  False: there is none. */
static bool find_highest(const struct cpuid_set *promise, struct evc *highest, struct evc *next)
{
	bool found = false;

	next->key = NULL;
	for (size_t i = evc_count(); i > 0 && !found; i--) {
		evc_mode(highest, i - 1);
		if (!evc_vendor_is(highest, promise) || highest->source == EVC_UNKNOWN)
			continue;
		found = qualifies(highest, promise);
		if (!found)
			*next = *highest;
	}
	return found;
}

static int show_hosts(const char *path, const struct trust *trust)
{
	struct evc *highest = allocate(sizeof(*highest)), *next = allocate(sizeof(*next));
	static struct cpuid_set promise;
	char name[PRINTABLE_MAX];
	int result = EXIT_TROUBLE;

	if (load_promise(path, trust, &promise)) {
		const bool found = find_highest(&promise, highest, next);
		const struct missing missing = { next, &promise };
		enum evc_source source = found ? highest->source : EVC_STORY;

		result = found ? EXIT_YES : EXIT_NO;
		printf("%s: %s\n", printable(name, sizeof(name), path),
		       found ? highest->key : "no mode that is known");
		if (next->key) {
			source = weaker(source, next->source);
			printf("  missing for %s:\n", next->key);
			print_rows("not all hosts have", is_missing, &missing);
		}
		printf("  not looked at: what CPUID does not say (hv.capable, vt.realmode)\n");
		if (found || next->key)
			say_source(source, (found ? highest : next)->partial);
	}
	free(highest);
	free(next);
	return result;
}

static int show_mask(const struct evc *mode, const struct arguments *a)
{
	struct mask_merge *m = allocate(sizeof(*m));
	static char buffer[65536];
	struct text t;

	mask_merge_start(m);
	const enum evc_source source = evc_mask(mode, a->hw ? a->hw : MASK_HW_MAX, m);
	if (source == EVC_UNKNOWN) {
		trouble(mode->key, "only what it adds to the modes before is known, not the whole: "
		                   "its mask would hide what it guarantees");
		free(m);
		return EXIT_TROUBLE;
	}
	for (const struct place *p = a->without; p < a->without + a->count; p++)
		mask_merge_hide(m, p->leaf, p->subleaf, p->reg, UINT32_C(1) << p->low);
	text_start(&t, buffer, sizeof(buffer));
	mask_merge_write(&t, m, a->grouped);
	free(m);
	fprintf(stderr, "source: %s (%s)\n", evc_source_name(source), evc_source_about(source));
	return !t.full && output_write(buffer, t.used) ? EXIT_YES : EXIT_TROUBLE;
}

int command_evc(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct evc *mode = allocate(2 * sizeof(*mode));
	int result = EXIT_TROUBLE;

	a->in.max = 2;
	argp_parse(&argp, argc, argv, 0, NULL, a);
	const char *first = a->in.count > 0 ? a->in.file[0] : NULL;
	const char *second = a->in.count > 1 ? a->in.file[1] : NULL;
	if (!first) {
		list_modes();
		result = EXIT_YES;
	} else if (!evc_find(&mode[0], first)) {
		if (!second && !a->mask && (strcmp(first, "-") == 0 || access(first, F_OK) == 0))
			result = show_hosts(first, &a->in.trust);
		else
			unknown_mode(first);
	} else if (second && !evc_find(&mode[1], second)) {
		unknown_mode(second);
	} else if (second) {
		result = show_difference(&mode[0], &mode[1]);
	} else {
		result = a->mask ? show_mask(&mode[0], a) : show_mode(&mode[0]);
	}
	free(mode);
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
