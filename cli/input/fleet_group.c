/* SPDX-License-Identifier: MIT */
#include "input/fleet_group.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crypto.h"

/* Hosts that should be identical. */
struct type {
	struct fleet_kind *first, *last; /* in the order of their first hosts; NULL: none yet */
	size_t group;
	char like[DRIFT_LIKE_MAX];
};

struct fleet_kind {
	struct fleet_kind *next; /* of its type */
	size_t cluster;
	const struct type *type; /* NULL: not seen yet */
	struct drift_host host;
	size_t size; /* of key */
	uint8_t key[];
};

/* The most bytes of a key. */
#define KEY_MAX (sizeof(struct merge) + sizeof(struct topology) + DRIFT_LIKE_MAX + 64)

struct key {
	uint8_t *at;
	size_t used;
};

static void put(struct key *k, const void *at, size_t size)
{
	memcpy(k->at + k->used, at, size);
	k->used += size;
}

/* Clears what no difference is reported in (differ_expected). */
static void clear_expected(struct cpuid_leaf *l)
{
	size_t count;
	const size_t first = feature_subleaf_rows(l->leaf, l->subleaf, &count);
	struct differ d = { .at = { .leaf = l->leaf, .subleaf = l->subleaf } };

	if (differ_leaf_expected(l->leaf)) {
		memset(l->reg, 0, sizeof(l->reg));
		memset(l->unknown, 0, sizeof(l->unknown));
	}
	for (size_t id = first; id < first + count; id++) {
		d.id = (enum feature_id)id;
		d.at.reg = (enum cpuid_reg)features[id].reg;
		if (!differ_expected(&d))
			continue;
		l->reg[d.at.reg] &= ~feature_mask(d.id);
		l->unknown[d.at.reg] &= ~feature_mask(d.id);
	}
}

/* What of a set is compared. */
static void put_set(struct key *k, const struct cpuid_set *set)
{
	put(k, &set->count, sizeof(set->count));
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		struct cpuid_leaf own = *l;

		clear_expected(&own);
		put(k, &own, sizeof(own));
	}
}

static void put_topology(struct key *k, const struct topology *t)
{
	const size_t numbers[] = { t->packages, t->cores,         t->processors,
		                   t->small,    t->small_threads, t->threads };
	const bool words[] = { t->known,        t->partial,      t->packages_differ,
		               t->cores_differ, t->leaf_1_alone, t->disagree };

	put(k, numbers, sizeof(numbers));
	put(k, words, sizeof(words));
}

/* Sets the bytes that are equal if the host is. */
static struct fleet_kind *finish(struct fleet_kind *kind)
{
	const struct drift_host *h = &kind->host;
	struct key key = { kind->key, 0 };

	put(&key, &h->like_size, sizeof(h->like_size));
	put(&key, h->like, h->like_size);
	put(&key, &h->registers, sizeof(h->registers));
	put(&key, &h->switched, sizeof(h->switched));
	put(&key, &h->locked, sizeof(h->locked));
	put_topology(&key, &h->topology);
	put_set(&key, &h->bounds.low);
	put_set(&key, &h->bounds.high);
	kind->size = key.used;
	return kind;
}

struct fleet_kind *fleet_kind_take(const struct report *r)
{
	struct fleet_kind *kind = allocate(sizeof(*kind) + KEY_MAX);

	if (drift_take(&kind->host, r))
		return finish(kind);
	free(kind);
	return NULL;
}

struct fleet_kind *fleet_kind_take_host(const struct pool_host *host)
{
	struct fleet_kind *kind = allocate(sizeof(*kind) + KEY_MAX);
	struct drift_host *h = &kind->host;
	char vendor[13];
	struct text t;

	if (!pool_merge_host(host, &h->bounds)) {
		free(kind);
		return NULL;
	}
	h->topology.partial = true;
	cpuid_vendor(&h->bounds.low, vendor);
	text_start(&t, h->like, sizeof(h->like));
	text_put(&t, "pool ");
	text_bytes(&t, vendor, sizeof(vendor));
	text_decimal(&t, cpuid_family(&h->bounds.low));
	text_put(&t, " ");
	text_decimal(&t, cpuid_model(&h->bounds.low));
	h->like_size = t.used;
	return finish(kind);
}

const struct drift_host *fleet_kind_keep(struct fleet *f, struct fleet_kind *kind)
{
	const struct fleet_kind *kept =
		intern_keep(&f->hosts, kind, offsetof(struct fleet_kind, key) + kind->size,
	                    offsetof(struct fleet_kind, size));

	if (!kept)
		out_of_memory();
	free(kind);
	return &kept->host;
}

bool fleet_setup_take(struct fleet_setup *s, const struct report *r)
{
	char *text = NULL;
	struct text t;

	memset(s, 0, sizeof(*s));
	if (r->setup.there) {
		text = allocate(SETUP_TEXT_MAX + SETUP_LINES_MAX + REPORT_STRING_MAX);
		text_start(&t, text, SETUP_TEXT_MAX + SETUP_LINES_MAX + REPORT_STRING_MAX);
		setup_write(&t, &r->setup);
	}
	const bool ok = option_host_take(&s->host, r);
	if (text) {
		text_put(&t, s->host.bios);
		crypto_digest(text, t.used, s->digest);
	} else {
		crypto_digest(s->host.bios, strlen(s->host.bios), s->digest);
	}
	free(text);
	return ok;
}

const struct option_host *fleet_setup_keep(struct fleet *f, struct fleet_setup *s)
{
	struct fleet_setup *kept =
		intern_keep(&f->setups, s, sizeof(*s), offsetof(struct fleet_setup, digest));

	if (!kept)
		out_of_memory();
	if (kept->host.question != s->host.question)
		option_host_free(&s->host);
	return &kept->host;
}

bool fleet_identical(const void *x, const void *y)
{
	const struct drifter *a = x, *b = y;
	struct drift d = { .what = DRIFT_FEATURE };

	return a->host == b->host || !drift_next(&d, a->host, b->host);
}

/* Returns the kind that has a host. */
static struct fleet_kind *kind_of(const struct drifter *d)
{
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): only to drop const */
	return (struct fleet_kind *)((char *)(uintptr_t)d->host -
	                             offsetof(struct fleet_kind, host));
}

static struct type *type_of(struct intern *types, const struct drift_host *h)
{
	struct type type = { .first = NULL };

	memcpy(type.like, h->like, h->like_size);
	struct type *kept = intern_keep(types, &type, offsetof(struct type, like) + h->like_size,
	                                offsetof(struct type, like));
	if (!kept)
		out_of_memory();
	return kept;
}

/*
 * Finds the cluster of a kind at its first host.  Where something is unknown, hosts may be
 * identical to one another in no consistent way: the first that is decides.
 */
static void begin(struct fleet_kind *kind, struct type *type, size_t host)
{
	struct drift d;

	if (!type->first)
		type->group = host;
	kind->type = type;
	kind->cluster = host;
	for (const struct fleet_kind *k = type->first; k; k = k->next) {
		d = (struct drift){ .what = DRIFT_FEATURE };
		if (!drift_next(&d, &k->host, &kind->host)) {
			kind->cluster = k->cluster;
			break;
		}
	}
	*(type->first ? &type->last->next : &type->first) = kind;
	type->last = kind;
}

void fleet_group(struct fleet *f)
{
	struct intern types = { .count = 0 };

	for (size_t i = 0; i < f->count; i++) {
		struct fleet_kind *kind = kind_of(f->at[i]);

		if (!kind->type)
			begin(kind, type_of(&types, &kind->host), i);
		f->at[i]->group = kind->type->group;
		f->at[i]->cluster = kind->cluster;
	}
	intern_free(&types);
	drift_link(f);
}

void fleet_group_free(struct fleet *f)
{
	for (size_t i = 0; i < f->setups.room; i++)
		if (f->setups.slot[i].at)
			option_host_free(&((struct fleet_setup *)f->setups.slot[i].at)->host);
	intern_free(&f->setups);
	intern_free(&f->hosts);
}
