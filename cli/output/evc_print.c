/* SPDX-License-Identifier: MIT */
#include "output/evc_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/evc_settle.h"
#include "fleet/explain.h"
#include "output/color.h"
#include "output/vendors.h"

#define COLUMNS 79

const char *const evc_not_checked[EVC_NOT_CHECKED] = { "hv.capable", "vt.realmode" };

/* partial: only a part of a mode in the answer is known. */
static void print_source(enum evc_source source, bool partial)
{
	if (partial)
		printf("  incomplete: earlier modes are unknown, so there may be more\n");
	printf("source: %s (%s)\n", evc_source_name(source), evc_source_about(source));
}

void evc_print_modes(const struct evc *modes, size_t count)
{
	bool used[EVC_SOURCES] = { false };

	for (const struct evc *mode = modes; mode < modes + count; mode++) {
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
static size_t print_rows(const char *word, evc_pick *picks, const void *ctx)
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

bool evc_is_guaranteed(const void *ctx, enum feature_id id)
{
	return ((const struct evc *)ctx)->state[id] == EVC_HAS;
}

bool evc_is_allowed(const void *ctx, enum feature_id id)
{
	return ((const struct evc *)ctx)->state[id] == EVC_MAY;
}

void evc_print_mode(const struct evc *mode)
{
	printf("%s: %s, tier %u\n", mode->key, mode->about, mode->tier);
	print_rows("guarantees", evc_is_guaranteed, mode);
	print_rows("shows if the host has it", evc_is_allowed, mode);
	if (mode->others)
		printf("  also sets or needs:\n");
	for (size_t i = 0; i < mode->others; i++)
		printf("    %s = %s\n", mode->other[i].name, mode->other[i].value);
	print_source(mode->source, mode->partial);
}

bool evc_only_first(const void *ctx, enum feature_id id)
{
	const struct evc_pair *p = ctx;

	return evc_shows(p->a, id) && p->b->state[id] == EVC_LACKS;
}

bool evc_need_differs(const void *ctx, enum feature_id id)
{
	const struct evc_pair *p = ctx;

	return p->a->state[id] == EVC_HAS && p->b->state[id] == EVC_MAY;
}

static size_t print_only(const struct evc *a, const struct evc *b)
{
	const struct evc_pair pair = { a, b };
	char word[96];

	snprintf(word, sizeof(word), "only %s", a->key);
	size_t count = print_rows(word, evc_only_first, &pair);
	snprintf(word, sizeof(word), "required of hosts only by %s", a->key);
	count += print_rows(word, evc_need_differs, &pair);
	return count;
}

const char *evc_value_in(const struct evc *mode, const char *name)
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
		const char *other = evc_value_in(b, a->other[i].name);

		if (!other || strcmp(other, a->other[i].value) != 0)
			printf("  %s: %s | %s\n", a->other[i].name, a->other[i].value,
			       other ? other : "?");
	}
	for (size_t i = 0; i < b->others; i++)
		if (!evc_value_in(a, b->other[i].name))
			printf("  %s: ? | %s\n", b->other[i].name, b->other[i].value);
}

static bool any(evc_pick *picks, const struct evc *a, const struct evc *b)
{
	const struct evc_pair pair = { a, b };

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (picks(&pair, (enum feature_id)id))
			return true;
	return false;
}

bool evc_differ(const struct evc *a, const struct evc *b)
{
	return any(evc_only_first, a, b) || any(evc_need_differs, a, b) ||
	       any(evc_only_first, b, a) || any(evc_need_differs, b, a);
}

void evc_print_difference(const struct evc *a, const struct evc *b)
{
	printf("%s and %s\n", a->key, b->key);
	const size_t only_a = print_only(a, b), only_b = print_only(b, a);
	if (only_a + only_b == 0)
		printf("  no known difference in features\n");
	print_others(a, b);
	print_source(evc_weaker(a->source, b->source), a->partial || b->partial);
}

bool evc_is_missing(const void *ctx, enum feature_id id)
{
	const struct evc_missing *m = ctx;

	return evc_misses(m->mode, id, m->baseline) &&
	       (explain_missing(m->pool, id) == HOST_UNKNOWN) == m->unknown;
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
	struct evc_missing missing = { next, pool, baseline, false };

	for (unsigned unknown = 0; unknown < 2; unknown++) {
		const size_t size = strlen(words[unknown]) + strlen(next->key) + 2;
		char *word = allocate(size);

		missing.unknown = unknown;
		snprintf(word, size, "%s %s", words[unknown], next->key);
		print_rows(word, evc_is_missing, &missing);
		free(word);
	}
}

void evc_print_hosts(const struct evc_hosts *h)
{
	const struct evc *answer = h->highest ? h->highest : h->next;
	char name[PRINTABLE_MAX];

	printf("%s: %s%s%s\n", printable(name, sizeof(name), h->file),
	       color_on(h->highest ? TONE_GOOD : TONE_BAD),
	       h->highest ? h->highest->key : "no known mode", color_off());
	if (h->next)
		print_next(h->next, h->pool, h->baseline);
	else if (h->above)
		printf("  higher modes need features that %s can never have\n",
		       h->pool->hosts == 1 ? "this processor" : "some of these processors");
	else if (!h->highest)
		print_vendors(h->pool);
	printf("  not checked (not visible in CPUID): %s, %s\n", evc_not_checked[0],
	       evc_not_checked[1]);
	if (answer)
		print_source(evc_weaker(answer->source, h->next ? h->next->source : EVC_IMPORTED),
		             answer->partial);
}
