/* SPDX-License-Identifier: MIT */
#include "input/gather.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crew.h"
#include "input/load.h"
#include "input/visits.h"
#include "output/caveats.h"
#include "output/left_out.h"

static const struct where nowhere;

struct gathering {
	struct inputs *in;
	struct pool *pool;
	struct host_setups *setups;     /* NULL: not wanted */
	const struct gather_more *more; /* NULL: nothing */
	enum err err;                   /* what is wrong with all files together */
};

/* What a file has. */
struct gathered {
	bool ok;
	struct pool pool;
	struct host_setup setup;        /* of a report, as the next: */
	const struct gather_more *more; /* of what, if it is taken */
	_Alignas(max_align_t) char of_more[];
};

/* Makes a pool of a report that is loaded.  Returns false after a message. */
static bool make_pool(const char *path, const struct loaded *l, struct pool *pool)
{
	struct pool_host host;

	memset(&host, 0, sizeof(host));
	enum err err = ERR_LONG_NAME;
	if (strlen(l->name) <= POOL_NAME_MAX) {
		strcpy(host.name, l->name);
		memcpy(host.digest, l->digest, sizeof(host.digest));
		host.sealed = l->seal.err == ERR_NONE;
		if (host.sealed)
			memcpy(host.key, l->seal.key, sizeof(host.key));
		visits_describe(&host.visit, l->report);
		err = pool_add_report(pool, &host, l->report);
	}
	if (err != ERR_NONE)
		trouble_at(path, err, &nowhere);
	return err == ERR_NONE;
}

static bool read_report(const char *path, const struct gathering *g, struct report *room,
                        struct gathered *to)
{
	struct loaded l;

	if (load_report_into(path, &g->in->trust, room, &l) != ERR_NONE)
		return false;
	const bool ok = make_pool(path, &l, &to->pool);
	if (ok && g->setups)
		host_setup_take(&to->setup, &l);
	to->more = ok ? g->more : NULL;
	const bool all = ok && (!g->more || g->more->take(to->of_more, path, &l));
	load_free(&l);
	return all;
}

/* What a pool without a good seal says of its hosts' seals is a claim. */
static bool read_pool(const char *path, const struct trust *trust, struct pool *pool)
{
	struct seal_found seal;
	struct pool *other = load_pool(path, trust, &seal);

	if (!other)
		return false;
	for (struct pool_host *h = other->host; h < other->host + other->hosts; h++) {
		h->claimed = seal.err != ERR_NONE;
		if (trust->claims_void && h->claimed) {
			h->sealed = false;
			memset(h->key, 0, sizeof(h->key));
		}
	}
	*pool = *other;
	free(other);
	return true;
}

static void work(const void *ctx, void *room, size_t job, void *slot)
{
	const struct gathering *g = ctx;
	const char *path = g->in->file[job];
	struct gathered *to = slot;

	pool_start(&to->pool);
	to->ok = inputs_is_pool(path, &g->in->trust) ? read_pool(path, &g->in->trust, &to->pool)
	                                             : read_report(path, g, room, to);
}

static void drop(void *slot)
{
	struct gathered *from = slot;

	pool_free(&from->pool);
	option_host_free(&from->setup.setup);
	if (from->more)
		from->more->drop(from->of_more);
}

static bool take(void *ctx, size_t job, void *slot)
{
	struct gathering *g = ctx;
	struct gathered *from = slot;
	const char *path = g->in->file[job];

	if (!from->ok) {
		drop(slot);
		g->err = pool_leave_out(g->pool, base_name(path));
		return inputs_leave_out(g->in, path) && g->err == ERR_NONE;
	}
	g->err = pool_add_pool(g->pool, &from->pool);
	if (g->setups && from->pool.hosts == 1 && from->setup.taken)
		host_setups_add(g->setups, &from->setup);
	if (from->more)
		from->more->keep(from->more->ctx, from->of_more);
	pool_free(&from->pool);
	return g->err == ERR_NONE;
}

static bool gather_all(struct inputs *in, struct pool *pool, struct host_setups *setups,
                       const struct gather_more *more)
{
	struct gathering g = { in, pool, setups, more, ERR_NONE };
	const struct crew crew = { .verb = "reading",
		                   .count = (size_t)in->count,
		                   .slot_size = sizeof(struct gathered) + (more ? more->size : 0),
		                   .room_size = sizeof(struct report),
		                   .ctx = &g,
		                   .work = work,
		                   .take = take,
		                   .drop = drop };

	const bool all = crew_run(&crew);
	if (all)
		g.err = pool_finish(pool);
	if (g.err != ERR_NONE)
		trouble_at(in->file[0], g.err, &nowhere);
	return all && g.err == ERR_NONE && inputs_any_used(in);
}

bool gather(struct inputs *in, struct pool *pool, struct host_setups *setups)
{
	return gather_all(in, pool, setups, NULL);
}

bool gather_with(struct inputs *in, struct pool *pool, const struct gather_more *more)
{
	return gather_all(in, pool, NULL, more);
}

bool gather_hosts(struct inputs *in, struct pool *pool)
{
	if (!gather(in, pool, NULL))
		return false;
	visits_settle(pool);
	caveats_print_pool(pool);
	left_out_print(pool);
	return true;
}

struct pool *gather_merged(struct inputs *in, struct merge *m, struct cpuid_set *baseline)
{
	struct pool *pool = allocate(sizeof(*pool));
	bool ok = gather_hosts(in, pool);

	if (ok && !pool_merge(pool, m)) {
		trouble(in->file[0], err_text(ERR_MANY_LEAVES));
		ok = false;
	}
	if (ok) {
		merge_baseline(m, baseline);
		return pool;
	}
	load_pool_free(pool);
	return NULL;
}
