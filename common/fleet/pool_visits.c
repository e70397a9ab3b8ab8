/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "fleet/pool.h"

void pool_visitors(const struct pool *p, struct visitor *v)
{
	for (size_t i = 0; i < p->hosts; i++) {
		const struct pool_host *h = &p->host[i];

		v[i] = (struct visitor){
			.visit = &h->visit,
			.host = h->name,
			.sealed = h->sealed && !h->claimed,
			.key = h->key,
			.of = h,
		};
	}
}

bool pool_same_answers(const void *a, const void *b)
{
	const struct pool_host *x = a, *y = b;

	return x->answers == y->answers &&
	       memcmp(x->answer, y->answer, x->answers * sizeof(x->answer[0])) == 0;
}

#define UNUSED SIZE_MAX /* as the number of an answer */

void pool_drop_answers(struct pool *p)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->answers; i++)
		p->answer[i]->index = UNUSED;
	for (struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		for (size_t i = 0; i < h->answers; i++)
			h->answer[i]->index = 0;
	for (size_t i = 0; i < p->answers; i++) {
		struct pool_answer *answer = p->answer[i];

		if (answer->index == UNUSED) {
			free(answer);
			continue;
		}
		answer->index = kept;
		p->answer[kept++] = answer;
	}
	p->answers = kept;
}

void pool_settle(struct pool *p, const struct visitor *v)
{
	const size_t hosts = p->hosts;

	/* A host that does not count is marked by having no answers, which no other host is. */
	for (size_t i = 0; i < hosts; i++) {
		struct pool_host *h = &p->host[(const struct pool_host *)v[i].of - p->host];

		h->visit.shared = v[i].shared;
		if (!visit_counts(&v[i]))
			h->answers = 0;
	}
	p->hosts = 0;
	for (size_t i = 0; i < hosts; i++)
		if (p->host[i].answers)
			p->host[p->hosts++] = p->host[i];
	pool_drop_answers(p);
}
