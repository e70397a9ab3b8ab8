/* SPDX-License-Identifier: MIT */
#include "input/host_setups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"

void host_setups_take(struct host_setups *k, const struct loaded *l)
{
	k->at = allocate_room(k->at, k->count, sizeof(*k->at));
	memcpy(k->at[k->count].digest, l->digest, sizeof(l->digest));
	if (!option_host_take(&k->at[k->count].setup, l->report))
		out_of_memory();
	k->count++;
}

bool host_setups_load(struct host_setups *k, const struct inputs *in)
{
	for (int i = 0; i < in->count; i++) {
		struct loaded l;

		if (load_report(in->file[i], &in->trust, &l) != ERR_NONE)
			return false;
		host_setups_take(k, &l);
		load_free(&l);
	}
	return true;
}

static int by_digest(const void *a, const void *b)
{
	const struct host_setup *x = a, *y = b;

	return memcmp(x->digest, y->digest, sizeof(x->digest));
}

/* For bsearch: of a digest, which need not be aligned as a struct is, and a host. */
static int is_digest(const void *digest, const void *host)
{
	return memcmp(digest, ((const struct host_setup *)host)->digest, POOL_DIGEST);
}

void host_setups_join(struct host_setups *k, const struct pool *pool)
{
	static const struct option_host nothing;
	size_t found = 0;

	k->host = allocate(pool->hosts * sizeof(const struct option_host *));
	k->side = allocate(pool->hosts);
	if (k->count)
		qsort(k->at, k->count, sizeof(*k->at), by_digest);
	for (size_t i = 0; i < pool->hosts; i++) {
		const struct host_setup *known =
			k->count ? bsearch(pool->host[i].digest, k->at, k->count, sizeof(*k->at),
		                           is_digest)
				 : NULL;

		k->host[i] = known ? &known->setup : &nothing;
		found += known != NULL;
	}
	if (!options_make(&k->options, k->host, pool->hosts))
		out_of_memory();
	if (k->count > found) {
		char text[128];

		snprintf(text, sizeof(text),
		         "setup options of %zu report%s not used: of no host in the pool",
		         k->count - found, k->count - found == 1 ? "" : "s");
		message_warn(NULL, text);
	}
}

void host_setups_free(struct host_setups *k)
{
	for (size_t i = 0; i < k->count; i++)
		option_host_free(&k->at[i].setup);
	options_free(&k->options);
	free(k->at);
	free(k->host);
	free(k->side);
}
