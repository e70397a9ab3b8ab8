/* SPDX-License-Identifier: MIT */
#include "fleet/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

void pool_start(struct pool *p)
{
	*p = (struct pool){ .hosts = 0 };
}

void pool_free(struct pool *p)
{
	intern_free(&p->sets);
	intern_free(&p->lists);
	free(p->answer);
	free(p->host);
	free(p->left_out);
	pool_start(p);
}

int pool_compare(const struct pool_host *a, const struct pool_host *b)
{
	const int order = ascii_compare(a->name, b->name);

	return order ? order : memcmp(a->digest, b->digest, POOL_DIGEST);
}

const struct pool_host *pool_find(const struct pool *p, const char *name, size_t *count)
{
	const struct pool_host *found = NULL;

	*count = 0;
	for (const struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		if (ascii_compare(h->name, name) == 0) {
			found = found ? found : h;
			++*count;
		}
	return found;
}

bool pool_processor(const struct pool_host *host, size_t n, struct cpuid_set *set)
{
	const uint32_t known = host->steppings ? host->steppings : 0xffff;
	unsigned stepping = 0;

	for (; stepping < 16; stepping++) {
		if (!(known >> stepping & 1))
			continue;
		if (n < host->answers)
			break;
		n -= host->answers;
	}
	if (stepping == 16 || n >= host->answers)
		return false;
	const struct cpuid_set *own = &host->answer[n]->set;
	set->count = own->count;
	memcpy(set->at, own->at, own->count * sizeof(own->at[0]));
	if (cpuid_find(set, 1, 0))
		cpuid_insert(set, 1, 0)->reg[EAX] |= stepping;
	return true;
}

bool pool_merge(const struct pool *p, struct merge *m)
{
	merge_start(m);
	for (size_t i = 0; i < p->answers; i++)
		if (!merge_add(m, &p->answer[i]->set))
			return false;
	return true;
}

bool pool_merge_host(const struct pool_host *host, struct merge *m)
{
	merge_start(m);
	for (size_t i = 0; i < host->answers; i++)
		if (!merge_add(m, &host->answer[i]->set))
			return false;
	return true;
}
