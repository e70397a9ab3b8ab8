/* SPDX-License-Identifier: MIT */
#include "input/host_setups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crew.h"
#include "output/message.h"

void host_setup_take(struct host_setup *h, const struct loaded *l)
{
	h->taken = true;
	memcpy(h->digest, l->digest, sizeof(l->digest));
	if (!option_host_take(&h->setup, l->report))
		out_of_memory();
}

void host_setups_add(struct host_setups *k, const struct host_setup *h)
{
	k->at = allocate_room(k->at, k->count, sizeof(*k->at));
	k->at[k->count++] = *h;
}

struct loading {
	struct host_setups *setups;
	struct inputs *in;
};

static void work(const void *ctx, void *room, size_t job, void *slot)
{
	const struct inputs *in = ((const struct loading *)ctx)->in;
	struct loaded l;

	if (load_report_into(in->file[job], &in->trust, room, &l) != ERR_NONE)
		return;
	host_setup_take(slot, &l);
	load_free(&l);
}

static bool take(void *ctx, size_t job, void *slot)
{
	struct loading *l = ctx;
	const struct host_setup *h = slot;

	if (!h->taken)
		return inputs_leave_out(l->in, l->in->file[job]);
	host_setups_add(l->setups, h);
	return true;
}

static void drop(void *slot)
{
	option_host_free(&((struct host_setup *)slot)->setup);
}

bool host_setups_load(struct host_setups *k, struct inputs *in)
{
	struct loading l = { k, in };
	const struct crew crew = { .verb = "reading",
		                   .count = (size_t)in->count,
		                   .slot_size = sizeof(struct host_setup),
		                   .room_size = sizeof(struct report),
		                   .ctx = &l,
		                   .work = work,
		                   .take = take,
		                   .drop = drop };

	return crew_run(&crew);
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
