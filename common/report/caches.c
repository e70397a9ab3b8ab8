/* SPDX-License-Identifier: MIT */
#include "report/caches.h"

#include "report/topology.h"

static bool same(const struct cache *a, const struct cache *b)
{
	return a->level == b->level && a->type == b->type && a->kib == b->kib &&
	       a->ways == b->ways && a->line == b->line && a->shared == b->shared &&
	       a->bits == b->bits;
}

static bool has(const struct cpuid_set *set, const struct cache *cache)
{
	struct cache list[CACHES_MAX];
	enum cache_source source;
	const size_t count = cache_list(set, list, &source);

	for (size_t i = 0; i < count; i++)
		if (same(&list[i], cache))
			return true;
	return false;
}

/* Adds what a kind has and the list has not. */
static void add_kind(struct machine_cache *list, size_t *count, const struct cpuid_set *set,
                     enum cache_source *source)
{
	struct cache own[CACHES_MAX];
	enum cache_source from;
	const size_t owns = cache_list(set, own, &from);

	if (*source == CACHE_NONE || from == CACHE_UNKNOWN)
		*source = from;
	for (size_t i = 0; i < owns; i++) {
		size_t k = 0;

		while (k < *count && !same(&list[k].cache, &own[i]))
			k++;
		if (k == *count && k < MACHINE_CACHES_MAX)
			list[(*count)++] = (struct machine_cache){ .cache = own[i] };
	}
}

static uint32_t without(uint32_t apic, unsigned bits)
{
	return bits < 32 ? apic >> bits : 0;
}

/*
 * The node of a processor of AMD's families 10H and 15H: leaf 8000001EH has its number. Without
 * that leaf, a package has two, each with half of the cores that leaf 80000008H counts.
 */
static uint32_t node_of(const struct topology_ids *ids, const struct cpuid_set *set)
{
	const uint32_t cores = (cpuid_value(set, 0x80000008, 0, ECX) & 0xff) + 1;
	const uint32_t package = without(ids->apic, ids->package);

	if (cpuid_find(set, 0x8000001e, 0))
		return cpuid_value(set, 0x8000001e, 0, ECX) & 0xff;
	return package * 2 + (ids->apic - (package << ids->package) >= (cores + 1) / 2);
}

/* What is equal of the processors that share a cache. */
static uint32_t shared_id(const struct cache *c, const struct topology_ids *ids,
                          const struct cpuid_set *set)
{
	switch ((enum cache_shared)c->shared) {
	case SHARED_BITS:
		break;
	case SHARED_CORE:
		return without(ids->apic, ids->core);
	case SHARED_NODE:
		return node_of(ids, set);
	case SHARED_PACKAGE:
		return without(ids->apic, ids->package);
	}
	return without(ids->apic, c->bits);
}

/* The caches of one kind in a machine, each by what its processors share. */
struct instances {
	size_t count;
	uint32_t id[REPORT_PROCESSORS_MAX];
	uint16_t processors[REPORT_PROCESSORS_MAX];
};

static void add_processor(struct instances *in, uint32_t id)
{
	size_t i = in->count;

	/* The processors of one cache mostly follow one another. */
	while (i > 0 && in->id[i - 1] != id)
		i--;
	if (i == 0) {
		in->id[in->count] = id;
		in->processors[in->count++] = 0;
		i = in->count;
	}
	in->processors[i - 1]++;
}

static void count_one(struct machine_cache *c, const struct report *r, const bool *kind_has)
{
	const bool hybrid = topology_hybrid(r);
	struct instances in = { .count = 0 };
	size_t small = 0;

	for (size_t i = 0; i < r->processors; i++) {
		struct topology_ids ids;
		struct cpuid_set set;

		if (!kind_has[r->processor[i].kind])
			continue;
		report_processor_set(r, i, &set);
		topology_ids(&ids, &set);
		add_processor(&in, shared_id(&c->cache, &ids, &set));
		small += hybrid && topology_small(&set);
		c->processors++;
	}
	c->cores = !hybrid || (small && small < c->processors) ? CORES_ALL
	           : small                                     ? CORES_SMALL
	                                                       : CORES_LARGE;
	c->count = in.count;
	c->least = c->most = in.count ? in.processors[0] : 0;
	for (size_t i = 1; i < in.count; i++) {
		c->least = in.processors[i] < c->least ? in.processors[i] : c->least;
		c->most = in.processors[i] > c->most ? in.processors[i] : c->most;
	}
}

/* Sorts by level, then by type; in a hybrid machine P-cores first. */
static void sort(struct machine_cache *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0; k--) {
			const struct machine_cache c = list[k], *p = &list[k - 1];

			if (p->cache.level * 64 + p->cache.type * 8 + p->cores <=
			    c.cache.level * 64 + c.cache.type * 8 + c.cores)
				break;
			list[k] = list[k - 1];
			list[k - 1] = c;
		}
}

size_t caches_take(const struct report *r, struct machine_cache list[static MACHINE_CACHES_MAX],
                   enum cache_source *source)
{
	struct topology topology;
	size_t count = 0;

	*source = CACHE_NONE;
	for (size_t i = 0; i < r->kinds; i++)
		add_kind(list, &count, &r->kind[i].set, source);
	topology_take(&topology, r);
	for (size_t i = 0; i < count; i++) {
		bool kind_has[REPORT_KINDS_MAX];

		for (size_t k = 0; k < r->kinds; k++)
			kind_has[k] = has(&r->kind[k].set, &list[i].cache);
		count_one(&list[i], r, kind_has);
		if (!topology.known || topology.partial || topology_one_of_several(r))
			list[i].count = 0;
	}
	sort(list, count);
	return count;
}
