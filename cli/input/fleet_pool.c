/* SPDX-License-Identifier: MIT */
#include "input/fleet_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/gather.h"
#include "input/visits.h"
#include "output/caveats.h"
#include "output/left_out.h"

/* A report that was given, and by what the pool knows it. */
struct given {
	uint8_t digest[POOL_DIGEST];
	const char *name;
	struct drifter *host; /* NULL: taken */
	struct fleet_read read;
};

struct givens {
	struct fleet *fleet;
	size_t count;
	struct given *at; /* allocated */
};

static bool take_report(void *slot, const char *path, struct loaded *l)
{
	struct given *given = slot;

	memcpy(given->digest, l->digest, sizeof(given->digest));
	return fleet_read_take(&given->read, path, l);
}

static void keep_report(void *ctx, void *slot)
{
	struct givens *g = ctx;
	struct given *given = slot;

	given->host = fleet_read_keep(g->fleet, &given->read);
	given->name = given->host->name;
	g->at = allocate_room(g->at, g->count, sizeof(*g->at));
	g->at[g->count++] = *given;
}

static void drop_report(void *slot)
{
	fleet_read_drop(&((struct given *)slot)->read);
}

static int compare(const uint8_t *digest, const char *name, const struct given *y)
{
	const int order = memcmp(digest, y->digest, POOL_DIGEST);

	return order ? order : strcmp(name, y->name);
}

static int by_digest(const void *a, const void *b)
{
	const struct given *x = a;

	return compare(x->digest, x->name, b);
}

/* For bsearch. */
static int is_of(const void *host, const void *given)
{
	const struct pool_host *h = host;

	return compare(h->digest, h->name, given);
}

/* Takes the report of a host.  Returns NULL if it is not given, or taken. */
static struct drifter *take_host(const struct givens *g, const struct pool_host *host)
{
	struct given *found =
		g->count ? bsearch(host, g->at, g->count, sizeof(*g->at), is_of) : NULL;
	struct drifter *d = found ? found->host : NULL;

	if (found)
		found->host = NULL;
	return d;
}

/* Makes a host of what a pool says: its processors.  Returns NULL if they have too many leaves. */
static struct drifter *make_host(struct fleet *f, const struct pool_host *host)
{
	static const struct option_host no_setup;
	char vendor[13], name[PRINTABLE_MAX], about[DRIFT_ABOUT_MAX];
	struct fleet_kind *kind = fleet_kind_take_host(host);

	if (!kind)
		return NULL;
	struct drifter *d = allocate(sizeof(*d));
	d->host = fleet_kind_keep(f, kind);
	d->setup = &no_setup;
	d->name = strcpy(allocate(strlen(host->name) + 1), host->name);
	d->visit = host->visit;
	cpuid_vendor(&d->host->bounds.low, vendor);
	snprintf(about, sizeof(about), "machine not known, %s family %u, model %u",
	         printable(name, sizeof(name), vendor),
	         (unsigned)cpuid_family(&d->host->bounds.low),
	         (unsigned)cpuid_model(&d->host->bounds.low));
	d->about = fleet_words(f, about);
	d->revisions = fleet_words(f, "from a pool: BIOS not known");
	return d;
}

/* Makes the fleet of the hosts that are left in the pool.  Returns false after a message. */
static bool make_fleet(struct fleet_pool *p, const struct givens *g)
{
	const size_t hosts = p->pool.hosts;

	p->fleet.at = allocate(hosts * sizeof(*p->fleet.at));
	p->known = allocate(hosts);
	for (size_t i = 0; i < hosts; i++) {
		const struct pool_host *host = &p->pool.host[i];
		struct drifter *d = take_host(g, host);

		p->known[i] = d != NULL;
		if (!d)
			d = make_host(&p->fleet, host);
		if (!d) {
			trouble(host->name, err_text(ERR_MANY_LEAVES));
			return false;
		}
		d->sealed = host->sealed && !host->claimed;
		memcpy(d->key, host->key, sizeof(d->key));
		p->fleet.at[p->fleet.count++] = d;
	}
	fleet_group(&p->fleet);
	return true;
}

bool fleet_pool_load(struct fleet_pool *p, struct inputs *in, bool all_visits)
{
	struct givens g = { .fleet = &p->fleet };
	const struct gather_more more = {
		sizeof(struct given), &g, take_report, keep_report, drop_report,
	};

	*p = (struct fleet_pool){ .known = NULL };
	pool_start(&p->pool);
	bool ok = gather_with(in, &p->pool, &more);
	if (ok) {
		(all_visits ? visits_keep : visits_settle)(&p->pool);
		caveats_print_pool(&p->pool);
		left_out_print(&p->pool);
		if (g.count)
			qsort(g.at, g.count, sizeof(*g.at), by_digest);
		ok = make_fleet(p, &g);
	}
	for (size_t i = 0; i < g.count; i++)
		drifter_free(g.at[i].host);
	free(g.at);
	return ok;
}

void fleet_pool_free(struct fleet_pool *p)
{
	fleet_free(&p->fleet);
	pool_free(&p->pool);
	free(p->known);
}
