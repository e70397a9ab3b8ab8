/* SPDX-License-Identifier: MIT */
#include "input/fleet_group.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/crypto.h"

/* Kinds of one type; of a plain class, with the same leaves and the same things known. */
struct class
{
	struct class *next;              /* of its type */
	struct fleet_kind *first, *last; /* in the order of their first hosts; NULL: none yet */
	bool plain;                      /* any two that are not alike differ */
	uint8_t digest[POOL_DIGEST];     /* of what makes it, with the type */
};

/* Hosts that should be identical. */
struct type {
	struct class *class; /* NULL: none yet */
	size_t group;
	char like[DRIFT_LIKE_MAX];
};

/* The first kind of those that are alike: nothing of them that is compared differs. */
struct alike {
	const struct fleet_kind *first;
	uint8_t digest[POOL_DIGEST];
};

struct fleet_kind {
	struct fleet_kind *next; /* of its class */
	size_t cluster;
	size_t begins;           /* its first host */
	const struct type *type; /* NULL: not seen yet */
	struct drift_host host;
	size_t size; /* of key */
	uint8_t key[];
};

/* Bytes that are equal if what they are about is. */
struct key {
	uint8_t *at;
	size_t used;
};

/* What grouping keeps until it is done. */
struct grouping {
	struct intern types, classes, alike;
	struct key room; /* for one kind */
};

/* The most bytes of a key. */
#define KEY_MAX (sizeof(struct merge) + sizeof(struct topology) + DRIFT_LIKE_MAX + 64)

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

static void *keep(struct intern *t, const void *object, size_t size, size_t skip)
{
	void *kept = intern_keep(t, object, size, skip);

	if (!kept)
		out_of_memory();
	return kept;
}

static struct type *type_of(struct intern *types, const struct drift_host *h)
{
	struct type type = { .class = NULL };

	memcpy(type.like, h->like, h->like_size);
	return keep(types, &type, offsetof(struct type, like) + h->like_size,
	            offsetof(struct type, like));
}

/* Returns true if all bits of the leaves of a set are known. */
static bool knows_bits(const struct cpuid_set *set)
{
	static const uint32_t none[CPUID_REGS];

	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		if (memcmp(l->unknown, none, sizeof(none)) != 0)
			return false;
	return true;
}

/* What decides which parts of two hosts of a type are compared; only the type, if not plain. */
static void put_class(struct key *k, const struct drift_host *h, bool plain)
{
	const bool parts[] = { plain, h->registers, h->topology.partial, h->topology.known };

	k->used = 0;
	put(k, &h->like_size, sizeof(h->like_size));
	put(k, h->like, h->like_size);
	put(k, plain ? parts : &plain, plain ? sizeof(parts) : sizeof(plain));
	if (!plain)
		return;
	put(k, &h->bounds.low.count, sizeof(h->bounds.low.count));
	for (size_t i = 0; i < h->bounds.low.count; i++) {
		put(k, &h->bounds.low.at[i].leaf, sizeof(h->bounds.low.at[i].leaf));
		put(k, &h->bounds.low.at[i].subleaf, sizeof(h->bounds.low.at[i].subleaf));
	}
}

/* What drift_next compares of two hosts of a plain class, after what put_class put. */
static void put_compared(struct key *k, const struct drift_host *h)
{
	const struct topology *t = &h->topology;
	const size_t arranged[] = { t->cores, t->packages, t->small };

	if (h->registers)
		put(k, &h->switched, sizeof(h->switched));
	if (!t->partial)
		put(k, &t->processors, sizeof(t->processors));
	if (!t->partial && t->known)
		put(k, arranged, sizeof(arranged));
	put_set(k, &h->bounds.low);
	put_set(k, &h->bounds.high);
}

static struct class *class_of(struct grouping *g, struct type *type, const struct drift_host *h)
{
	struct class class = { .plain = knows_bits(&h->bounds.low) };

	put_class(&g->room, h, class.plain);
	crypto_digest(g->room.at, g->room.used, class.digest);
	struct class *kept =
		keep(&g->classes, &class, sizeof(class), offsetof(struct class, digest));
	if (!kept->first) {
		kept->next = type->class;
		type->class = kept;
	}
	return kept;
}

/* Returns the first kind that is alike, this one if none was before; g->room has its class. */
static const struct fleet_kind *first_alike(struct grouping *g, const struct fleet_kind *kind)
{
	struct alike alike = { .first = kind };

	put_compared(&g->room, &kind->host);
	crypto_digest(g->room.at, g->room.used, alike.digest);
	const struct alike *kept =
		keep(&g->alike, &alike, sizeof(alike), offsetof(struct alike, digest));
	return kept->first;
}

/* Returns the first kind of a class that is identical to one, if it begins before another. */
static const struct fleet_kind *first_same(const struct class *c, const struct fleet_kind *kind,
                                           const struct fleet_kind *before)
{
	for (const struct fleet_kind *k = c->first; k && (!before || k->begins < before->begins);
	     k = k->next) {
		struct drift d = { .what = DRIFT_FEATURE };

		if (!drift_next(&d, &k->host, &kind->host))
			return k;
	}
	return before;
}
/*
 * Finds the cluster of a kind at its first host.  Where something is unknown, hosts may be
 * identical to one another in no consistent way: the first that is decides.
 */
static void begin(struct grouping *g, struct fleet_kind *kind, size_t host)
{
	struct type *type = type_of(&g->types, &kind->host);
	const struct fleet_kind *same = NULL;

	if (!type->class)
		type->group = host;
	kind->type = type;
	kind->begins = kind->cluster = host;
	struct class *own = class_of(g, type, &kind->host);
	if (own->plain)
		same = first_alike(g, kind);
	for (const struct class *c = type->class; c; c = c->next)
		if (c != own || !c->plain)
			same = first_same(c, kind, same);
	if (same)
		kind->cluster = same->cluster;
	*(own->first ? &own->last->next : &own->first) = kind;
	own->last = kind;
}

void fleet_group(struct fleet *f)
{
	struct grouping g = { .room = { allocate(KEY_MAX), 0 } };

	for (size_t i = 0; i < f->count; i++) {
		struct fleet_kind *kind = kind_of(f->at[i]);

		if (!kind->type)
			begin(&g, kind, i);
		f->at[i]->group = kind->type->group;
		f->at[i]->cluster = kind->cluster;
	}
	intern_free(&g.types);
	intern_free(&g.classes);
	intern_free(&g.alike);
	free(g.room.at);
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
