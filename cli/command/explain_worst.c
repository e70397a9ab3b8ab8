/* SPDX-License-Identifier: MIT */
#include "command/explain_worst.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/intern.h"

/* Identical hosts: they have the same answers. */
struct alike {
	const struct pool_host *first;
	size_t hosts;
	bool out;
};

/* The state of the search for the hosts without which the baseline gains most. */
struct search {
	const struct explained *e;
	size_t count;
	struct alike *alike; /* in the order of their first hosts; allocated */
	struct merge *m;     /* one for each level of a search; allocated */
	const struct alike *best;
	struct cpuid_set baseline, best_baseline;
	size_t gain;
};

/* Levels of halving any number of groups. */
#define LEVELS 65

/* Equal lists of answers are at one place (pool.h). */
struct alike_at {
	size_t index;
	struct pool_answer *const *answer;
};

static size_t index_of(struct intern *t, const struct pool_host *h, size_t next)
{
	const struct alike_at at = { next, h->answer };
	const struct alike_at *kept =
		intern_keep(t, &at, sizeof(at), offsetof(struct alike_at, answer));

	if (!kept)
		out_of_memory();
	return kept->index;
}

static void find_alike(struct search *s)
{
	const struct pool *p = s->e->pool;
	struct intern t = { .count = 0 };

	s->alike = allocate(p->hosts * sizeof(*s->alike));
	for (const struct pool_host *h = p->host; h < p->host + p->hosts; h++) {
		const size_t i = index_of(&t, h, s->count);

		if (i == s->count)
			s->alike[s->count++].first = h;
		s->alike[i].hosts++;
	}
	intern_free(&t);
}

/* Notes what the baseline gains without some hosts; m has all others. */
static void judge(struct search *s, const struct alike *a, const struct merge *m)
{
	if (a->out || m->sets == 0)
		return;
	merge_baseline(m, &s->baseline);
	const size_t gain = explain_gain(&s->baseline, s->e->baseline);
	/* If the gain is the same, prefer to lose fewer hosts. */
	if (gain > s->gain || (gain == s->gain && gain && a->hosts < s->best->hosts)) {
		s->gain = gain;
		s->best = a;
		s->best_baseline = s->baseline;
	}
}

/* Adds the answers of some groups.  Returns false if a set cannot hold all leaves. */
static bool add(struct merge *m, const struct alike *a, size_t count)
{
	for (; count; a++, count--)
		for (size_t i = 0; !a->out && i < a->first->answers; i++)
			if (!merge_add(m, &a->first->answer[i]->set))
				return false;
	return true;
}

/*
 * Judges each of some groups; m[0] has all groups but these.  Of one half after the other the
 * other half is added, so that n groups take n log n additions.
 */
static void search(struct search *s, struct merge *m, size_t first, size_t count)
{
	const size_t half = count / 2;

	if (count == 1) {
		judge(s, &s->alike[first], m);
		return;
	}
	m[1] = m[0];
	if (add(&m[1], &s->alike[first + half], count - half))
		search(s, m + 1, first, half);
	m[1] = m[0];
	if (add(&m[1], &s->alike[first], half))
		search(s, m + 1, first + half, count - half);
}

/* Finds the identical hosts without which, and without those that are out, the baseline gains most.
 * Returns false if nothing is gained. */
static bool find_worst(struct search *s)
{
	s->gain = 0;
	s->best = NULL;
	merge_start(&s->m[0]);
	search(s, s->m, 0, s->count);
	return s->gain > 0;
}

/* Sets without[] for the hosts that are out. */
static void mark(const struct search *s, bool *without)
{
	const struct pool *p = s->e->pool;

	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; s->alike[i].out && k < p->hosts; k++)
			without[k] |= p->host[k].answer == s->alike[i].first->answer;
}

void explain_worst(const struct explained *e, unsigned worst, explain_worst_say *say, void *ctx)
{
	struct search *s = allocate(sizeof(*s));
	bool *without = allocate(e->pool->hosts * sizeof(bool));
	size_t before = 0;

	s->e = e;
	s->m = allocate(LEVELS * sizeof(*s->m));
	if (e->pool->hosts)
		find_alike(s);
	for (unsigned n = 0; n < worst && s->count && find_worst(s) && s->gain > before; n++) {
		s->alike[s->best - s->alike].out = true;
		mark(s, without);
		say(ctx, e, without, &s->best_baseline);
		before = s->gain;
	}
	free(without);
	free(s->alike);
	free(s->m);
	free(s);
}
