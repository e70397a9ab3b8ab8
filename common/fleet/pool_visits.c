/* SPDX-License-Identifier: MIT */
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

	/* Equal lists are kept once. */
	return x->answer == y->answer;
}

bool pool_settle(struct pool *p, const struct visitor *v)
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
	return pool_number_answers(p);
}
