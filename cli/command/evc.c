/* SPDX-License-Identifier: MIT */
#include "input/evc_modes.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "fleet/evc_reach.h"
#include "fleet/evc_settle.h"
#include "fleet/explain.h"
#include "input/load.h"
#include "output/vendors.h"

#define COLUMNS 79

struct arguments {
	struct inputs in;
	const char *import;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case 'i':
		a->import = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->in;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option options[] = {
	{ "import", 'i', "FILE", 0,
	  "Use a vCenter's own list of modes instead of the built-in one: JSON from PowerCLI, govc "
	  "or the REST interface, see cpulevel-evc(1). - is standard input",
	  0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[MODE [MODE]|REPORT|POOL]",
	.doc = "Without arguments, lists the known EVC modes of VMware. With one MODE, says what "
	       "it guarantees; with two, in what they differ (exit status 1 if they do). With a "
	       "REPORT or a POOL, names the highest mode that it qualifies for, and what keeps it "
	       "from the next mode within reach (exit status 1 if it qualifies for none). Every "
	       "answer names its weakest source. The built-in list is not a vCenter's own; use "
	       "--import for that.",
	.children = inputs_pool_children,
};

/* partial: only a part of a mode in the answer is known. */
static void print_source(enum evc_source source, bool partial)
{
	if (partial)
		printf("  incomplete: earlier modes are unknown, so there may be more\n");
	printf("source: %s (%s)\n", evc_source_name(source), evc_source_about(source));
}

static void list_modes(const struct evc_modes *modes)
{
	bool used[EVC_SOURCES] = { false };

	for (const struct evc *mode = modes->at; mode < modes->at + modes->count; mode++) {
		used[mode->source] = true;
		printf("%-22s %2u  %-11s %s\n", mode->key, mode->tier,
		       evc_source_name(mode->source), mode->about);
	}
	putchar('\n');
	for (enum evc_source s = EVC_IMPORTED; s < EVC_SOURCES; s++)
		if (used[s])
			printf("%-11s %s\n", evc_source_name(s), evc_source_about(s));
}

/* Prints a word and the features that a caller picks.  Returns how many; prints nothing if none. */
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
	print_rows("shows if the host has it", is_allowed, mode);
	if (mode->others)
		printf("  also sets or needs:\n");
	for (size_t i = 0; i < mode->others; i++)
		printf("    %s = %s\n", mode->other[i].name, mode->other[i].value);
	print_source(mode->source, mode->partial);
	return EXIT_YES;
}

struct pair {
	const struct evc *a, *b;
};

static bool only_first(const void *ctx, enum feature_id id)
{
	const struct pair *p = ctx;

	return evc_shows(p->a, id) && p->b->state[id] == EVC_LACKS;
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
	snprintf(word, sizeof(word), "required of hosts only by %s", a->key);
	count += print_rows(word, need_differs, &pair);
	return count;
}

static const char *value_in(const struct evc *mode, const char *name)
{
	for (size_t i = 0; i < mode->others; i++)
		if (strcmp(mode->other[i].name, name) == 0)
			return mode->other[i].value;
	return NULL;
}

/* Prints the differences in what is not a feature; ? means that a mode has no value. */
static void print_others(const struct evc *a, const struct evc *b)
{
	for (size_t i = 0; i < a->others; i++) {
		const char *other = value_in(b, a->other[i].name);

		if (!other || strcmp(other, a->other[i].value) != 0)
			printf("  %s: %s | %s\n", a->other[i].name, a->other[i].value,
			       other ? other : "?");
	}
	for (size_t i = 0; i < b->others; i++)
		if (!value_in(a, b->other[i].name))
			printf("  %s: ? | %s\n", b->other[i].name, b->other[i].value);
}

static int show_difference(const struct evc *a, const struct evc *b)
{
	printf("%s and %s\n", a->key, b->key);
	const size_t count = print_only(a, b) + print_only(b, a);
	if (!count)
		printf("  no known difference in features\n");
	print_others(a, b);
	print_source(evc_weaker(a->source, b->source), a->partial || b->partial);
	return count ? EXIT_NO : EXIT_YES;
}

struct missing {
	const struct evc *mode;
	const struct pool *pool;
	const struct cpuid_set *baseline;
	bool unknown; /* of those that are not in the baseline, those that no host is known to lack
	               */
};

static bool is_missing(const void *ctx, enum feature_id id)
{
	const struct missing *m = ctx;

	return evc_misses(m->mode, id, m->baseline) &&
	       (explain_missing(m->pool, id) == HOST_UNKNOWN) == m->unknown;
}

static bool qualifies(const struct evc *mode, const struct cpuid_set *baseline)
{
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (evc_misses(mode, (enum feature_id)id, baseline))
			return false;
	return mode->source != EVC_UNKNOWN;
}

/*
 * Returns the highest mode that the hosts qualify for, or NULL.  Sets *next to the first one above
 * it that they can reach, or NULL, and *above to whether there is any.
 */
static const struct evc *find_highest(const struct evc_modes *modes, const struct pool *pool,
                                      const struct cpuid_set *baseline, const struct evc **next,
                                      bool *above)
{
	*next = NULL;
	*above = false;
	for (size_t i = modes->count; i-- > 0;) {
		const struct evc *mode = &modes->at[i];

		if (!evc_vendor_is(mode, baseline) || mode->source == EVC_UNKNOWN)
			continue;
		if (qualifies(mode, baseline))
			return mode;
		*above = true;
		if (evc_reachable(modes->at, modes->count, mode, pool))
			*next = mode;
	}
	return NULL;
}

/* Prints why no mode is for these hosts. */
static void print_vendors(const struct pool *pool)
{
	char vendors[PRINTABLE_MAX];
	struct text t;

	text_start(&t, vendors, sizeof(vendors));
	const size_t count = vendors_write(&t, pool);
	const char *names = t.full ? "very many" : text_string(&t);
	if (count > 1)
		printf("  a mode is for the processors of one vendor; these hosts have %zu:\n"
		       "    %s\n",
		       count, names);
	else
		printf("  there is no mode for processors of this vendor: %s\n", names);
}

static void print_next(const struct evc *next, const struct pool *pool,
                       const struct cpuid_set *baseline)
{
	const char *const words[] = {
		pool->hosts == 1 ? "this host lacks for" : "not all hosts have for",
		"not in the report, needed for",
	};
	struct missing missing = { next, pool, baseline, false };

	for (unsigned unknown = 0; unknown < 2; unknown++) {
		const size_t size = strlen(words[unknown]) + strlen(next->key) + 2;
		char *word = allocate(size);

		missing.unknown = unknown;
		snprintf(word, size, "%s %s", words[unknown], next->key);
		print_rows(word, is_missing, &missing);
		free(word);
	}
}

static int show_hosts(const struct evc_modes *modes, const char *path, const struct trust *trust)
{
	static struct cpuid_set baseline;
	const struct evc *next;
	char name[PRINTABLE_MAX];
	bool above;

	struct merge *m = allocate(sizeof(*m));
	struct pool *pool = load_merged(path, trust, m, &baseline);
	free(m);
	if (!pool)
		return EXIT_TROUBLE;
	const struct evc *highest = find_highest(modes, pool, &baseline, &next, &above);
	const struct evc *answer = highest ? highest : next;

	printf("%s: %s\n", printable(name, sizeof(name), path),
	       highest ? highest->key : "no known mode");
	if (next)
		print_next(next, pool, &baseline);
	else if (above)
		printf("  higher modes need features that %s can never have\n",
		       pool->hosts == 1 ? "this processor" : "some of these processors");
	else if (!highest)
		print_vendors(pool);
	load_pool_free(pool);
	printf("  not checked (not visible in CPUID): hv.capable, vt.realmode\n");
	if (answer)
		print_source(evc_weaker(answer->source, next ? next->source : EVC_IMPORTED),
		             answer->partial);
	return highest ? EXIT_YES : EXIT_NO;
}

static int run(const struct evc_modes *modes, const struct inputs *in)
{
	static const char no_file[] = "neither a known EVC mode nor a file";
	const char *first = in->count ? in->file[0] : NULL;

	if (!first) {
		list_modes(modes);
		return EXIT_YES;
	}
	if (in->count == 1 && !evc_find(modes->at, modes->count, first) &&
	    (strcmp(first, "-") == 0 || access(first, F_OK) == 0))
		return show_hosts(modes, first, &in->trust);
	const struct evc *mode = evc_modes_find(modes, first, no_file);
	if (!mode)
		return EXIT_TROUBLE;
	if (in->count == 1)
		return show_mode(mode);
	const struct evc *other = evc_modes_find(modes, in->file[1], no_file);
	return other ? show_difference(mode, other) : EXIT_TROUBLE;
}

int command_evc(int argc, char **argv)
{
	struct arguments *a = allocate(sizeof(*a));
	struct evc_modes modes;
	int result = EXIT_TROUBLE;

	a->in.max = 2;
	argp_parse(&argp, argc, argv, 0, NULL, a);
	if (evc_modes_load(a->import, &modes)) {
		result = run(&modes, &a->in);
		evc_modes_free(&modes);
	}
	free(a);
	return output_write("", 0) ? result : EXIT_TROUBLE;
}
