/* SPDX-License-Identifier: MIT */
#include "command/explain_worst.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The state of the search for the hosts without which the baseline gains most. */
struct search {
	const struct explained *e;
	bool *out, *best, *try, *same; /* one for each host */
	struct merge m;
	struct cpuid_set baseline, best_baseline;
	size_t gain, hosts;
};

/*
 * Marks in s->best the identical hosts without which the baseline gains most, and those that are
 * out already.  Returns false if nothing is gained.
 */
static bool find_worst(struct search *s)
{
	const struct pool *p = s->e->pool;

	s->gain = 0;
	for (size_t i = 0; i < p->hosts; i++) {
		if (s->out[i])
			continue;
		const size_t hosts = explain_alike(p, &p->host[i], s->same);
		for (size_t k = 0; k < p->hosts; k++)
			s->try[k] = s->out[k] || s->same[k];
		if (!explain_without(p, s->try, &s->m, &s->baseline))
			continue;
		const size_t gain = explain_gain(&s->baseline, s->e->baseline);
		/* If the gain is the same, prefer to lose fewer hosts. */
		if (gain > s->gain || (gain == s->gain && gain && hosts < s->hosts)) {
			s->gain = gain;
			s->hosts = hosts;
			memcpy(s->best, s->try, p->hosts * sizeof(*s->best));
			s->best_baseline = s->baseline;
		}
	}
	return s->gain > 0;
}

void explain_worst(const struct explained *e, unsigned worst, explain_worst_say *say, void *ctx)
{
	struct search *s = allocate(sizeof(*s));
	const size_t hosts = e->pool->hosts;
	size_t before = 0;

	s->e = e;
	s->out = allocate(4 * hosts * sizeof(bool));
	s->best = s->out + hosts;
	s->try = s->best + hosts;
	s->same = s->try + hosts;
	for (unsigned n = 0; n < worst && find_worst(s) && s->gain > before; n++) {
		say(ctx, e, s->best, &s->best_baseline);
		before = s->gain;
		memcpy(s->out, s->best, e->pool->hosts * sizeof(*s->out));
	}
	free(s->out);
	free(s);
}
