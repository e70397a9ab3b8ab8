/* SPDX-License-Identifier: MIT */
#include "input/fleet_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/visits.h"
#include "output/caveats.h"

/* A report that was given, and the digest by which the pool knows it. */
struct given {
	uint8_t digest[POOL_DIGEST];
	struct drifter *host;
};

struct givens {
	size_t count;
	struct given *at; /* allocated */
};

/* Returns false after a message if no more can be added. */
static bool add_report(struct fleet_pool *p, struct givens *g, const char *path,
                       const struct trust *trust)
{
	struct loaded l;
	bool ok = true;

	if (load_report(path, trust, &l) != ERR_NONE) {
		p->fleet.left_out++;
		return true;
	}
	struct drifter *d = drifter_make(path, &l);
	if (!d) {
		p->fleet.left_out++;
	} else {
		g->at = allocate_room(g->at, g->count, sizeof(*g->at));
		memcpy(g->at[g->count].digest, l.digest, sizeof(l.digest));
		g->at[g->count++].host = d;
		l.name = strcpy(allocate(strlen(d->name) + 1), d->name);
		ok = load_add(path, &l, &p->pool);
	}
	load_free(&l);
	return ok;
}

static int by_digest(const void *a, const void *b)
{
	const struct given *x = a, *y = b;

	return memcmp(x->digest, y->digest, sizeof(x->digest));
}

/* For bsearch: of a digest, which need not be aligned as a struct is, and a report. */
static int is_digest(const void *digest, const void *given)
{
	return memcmp(digest, ((const struct given *)given)->digest, POOL_DIGEST);
}

/* Takes the report of a host.  Returns NULL if it is not given. */
static struct drifter *take_report(const struct givens *g, const struct pool_host *host)
{
	struct given *found =
		g->count ? bsearch(host->digest, g->at, g->count, sizeof(*g->at), is_digest) : NULL;

	if (!found || !found->host)
		return NULL;
	struct drifter *d = found->host;
	found->host = NULL;
	return d;
}

/* Makes a host of what a pool says: its processors. */
static struct drifter *make_host(const struct pool_host *host)
{
	struct drifter *d = allocate(sizeof(*d));
	struct cpuid_set first = { .count = 0 };
	char vendor[13], name[PRINTABLE_MAX];
	struct text t;

	d->name = allocate(strlen(host->name) + 1);
	strcpy(d->name, host->name);
	pool_merge_host(host, &d->host.bounds);
	pool_processor(host, 0, &first);
	d->host.topology.partial = true;
	cpuid_vendor(&first, vendor);
	/* The stepping is not compared: several kinds of one host can have several. */
	const uint32_t signature = cpuid_value(&first, 1, 0, EAX) & ~UINT32_C(15);
	text_start(&t, d->host.like, sizeof(d->host.like));
	text_put(&t, "pool ");
	text_bytes(&t, vendor, sizeof(vendor));
	text_hex(&t, signature, 8);
	d->host.like_size = t.used;
	snprintf(d->about, sizeof(d->about), "machine not known, %s family %u, model %u",
	         printable(name, sizeof(name), vendor), (unsigned)cpuid_family(&first),
	         (unsigned)cpuid_model(&first));
	snprintf(d->revisions, sizeof(d->revisions), "from a pool: BIOS not known");
	d->visit = host->visit;
	return d;
}

/* Makes the fleet of the hosts that are left in the pool. */
static void make_fleet(struct fleet_pool *p, const struct givens *g)
{
	const size_t hosts = p->pool.hosts;

	p->fleet.at = allocate(hosts * sizeof(*p->fleet.at));
	p->known = allocate(hosts);
	for (size_t i = 0; i < hosts; i++) {
		const struct pool_host *host = &p->pool.host[i];
		struct drifter *d = take_report(g, host);

		p->known[i] = d != NULL;
		if (!d)
			d = make_host(host);
		d->sealed = host->sealed && !host->claimed;
		memcpy(d->key, host->key, sizeof(d->key));
		p->fleet.at[p->fleet.count++] = d;
	}
	fleet_group(&p->fleet);
}

/* Returns false after a message. */
static bool load_files(struct fleet_pool *p, struct givens *g, const struct inputs *in)
{
	for (int i = 0; i < in->count; i++) {
		const char *path = in->file[i];
		const bool is_pool = inputs_is_pool(path, &in->trust);

		if (is_pool && !load_into_pool(path, &in->trust, &p->pool))
			return false;
		if (!is_pool && !add_report(p, g, path, &in->trust))
			return false;
	}
	if (p->pool.hosts)
		return true;
	trouble(in->file[0], "there is no host to show");
	return false;
}

bool fleet_pool_load(struct fleet_pool *p, const struct inputs *in, bool all_visits)
{
	struct givens g = { .count = 0 };

	*p = (struct fleet_pool){ .known = NULL };
	pool_start(&p->pool);
	const bool ok = load_files(p, &g, in);
	if (ok) {
		(all_visits ? visits_keep : visits_settle)(&p->pool);
		caveats_print_pool(&p->pool);
		if (g.count)
			qsort(g.at, g.count, sizeof(*g.at), by_digest);
		make_fleet(p, &g);
	}
	for (size_t i = 0; i < g.count; i++)
		if (g.at[i].host)
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
