/* SPDX-License-Identifier: MIT */
#include "compare/verdict.h"

#include "base/mem.h"

/* Classes of hosts beside those in class[]: identical to this host; for which there is no room. */
enum { CLASS_SAME = VERDICT_CLASSES_MAX, CLASS_OTHER, CLASSES };

_Static_assert(CLASSES == VERDICT_CLASSES_MAX + 2 && CLASSES <= 64, "unidentified[], seen");

void verdict_start(struct verdict *v, const struct drift_host *mine)
{
	memset(v, 0, sizeof(*v));
	v->mine = mine;
}

static void copy_name(char to[static VERDICT_NAME_MAX], const char *name)
{
	struct text t;

	text_start(&t, to, VERDICT_NAME_MAX);
	text_put(&t, name);
	if (!text_string(&t))
		to[0] = '\0';
}

static uint64_t bit_value(const struct drift_host *host, const struct place *at)
{
	if (place_value(&host->bounds.low, at))
		return VERDICT_ON;
	return place_value(&host->bounds.high, at) ? VERDICT_MIXED : VERDICT_OFF;
}

static void describe(struct verdict_item *item, const struct drift *d,
                     const struct drift_host *mine, const struct drift_host *other)
{
	*item = (struct verdict_item){ .what = d->what, .id = d->id };
	switch (d->what) {
	case DRIFT_FEATURE:
		item->at = d->differ.at;
		item->bit = item->at.low == item->at.high;
		item->mine = item->bit ? bit_value(mine, &item->at) : d->a;
		item->theirs = item->bit ? bit_value(other, &item->at) : d->b;
		break;
	case DRIFT_SWITCH:
		item->bit = true;
		item->mine = d->a ? VERDICT_OFF : VERDICT_ON;
		item->theirs = d->b ? VERDICT_OFF : VERDICT_ON;
		break;
	case DRIFT_PROCESSORS:
		item->counted = d->counted;
		item->here = mine->topology;
		item->there = other->topology;
		item->mine = d->a;
		item->theirs = d->b;
		break;
	case DRIFT_END:
		break;
	}
}

static bool same_subject(const struct verdict_item *a, const struct verdict_item *b)
{
	return a->what == b->what && a->id == b->id && a->counted == b->counted &&
	       a->at.leaf == b->at.leaf && a->at.subleaf == b->at.subleaf &&
	       a->at.reg == b->at.reg && a->at.low == b->at.low;
}

/* Adds the differences from so many identical hosts. */
static void add_differences(struct verdict_list *list, const struct drift_host *mine,
                            const struct drift_host *other, size_t hosts)
{
	for (struct drift d = { .what = DRIFT_FEATURE }; drift_next(&d, mine, other);) {
		struct verdict_item item;
		size_t i = 0;

		describe(&item, &d, mine, other);
		while (i < list->count && !(same_subject(&list->item[i], &item) &&
		                            list->item[i].theirs == item.theirs))
			i++;
		if (i == VERDICT_ITEMS_MAX) {
			list->more++;
			continue;
		}
		if (i == list->count)
			list->item[list->count++] = item;
		list->item[i].hosts += hosts;
	}
}

bool verdict_compare(struct verdict_list *list, const struct drift_host *mine,
                     const struct drift_host *other)
{
	list->count = list->more = 0;
	add_differences(list, mine, other, 1);
	return list->count > 0;
}

static bool identical(const struct drift_host *a, const struct drift_host *b)
{
	struct drift d = { .what = DRIFT_FEATURE };

	return !drift_next(&d, a, b);
}

/* Returns the class of a host, which is new if none fits. */
static uint8_t class_of(struct verdict *v, const struct drift_host *host, const char *name)
{
	if (identical(v->mine, host))
		return CLASS_SAME;
	for (size_t i = 0; i < v->classes; i++)
		if (identical(&v->class[i].host, host))
			return (uint8_t)i;
	if (v->classes == VERDICT_CLASSES_MAX)
		return CLASS_OTHER;
	struct verdict_class *c = &v->class[v->classes];
	copy_name(c->from, name);
	c->host = *host;
	return (uint8_t)v->classes++;
}

/* FNV-1a of what identifies a host.  If two hosts have the same hash, one is not counted. */
static uint64_t hash_of(const struct identity *id)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < id->size; i++)
		hash = (hash ^ (uint8_t)id->bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* Notes an earlier visit of a host whose later ones are known. */
static void add_visit(struct verdict *v, struct verdict_host *h, uint8_t class, const char *name)
{
	const uint64_t bit = UINT64_C(1) << class;

	if (class != h->last && (h->seen & bit) && !h->shared) {
		h->shared = true;
		if (!v->shared[0])
			copy_name(v->shared, name);
	}
	h->seen |= bit;
	h->last = class;
}

/* A class has the name of its latest host that counts. */
static void name_class(struct verdict *v, uint8_t class, const char *name)
{
	if (class >= VERDICT_CLASSES_MAX || v->class[class].counted)
		return;
	copy_name(v->class[class].from, name);
	v->class[class].counted = true;
}

void verdict_add(struct verdict *v, const struct drift_host *other, const char *name)
{
	if (identity_same(&v->mine->identity, &other->identity)) {
		if (!v->before) {
			verdict_compare(&v->previous, v->mine, other);
			copy_name(v->previous_from, name);
		}
		v->before = true;
		return;
	}
	if (!drift_same_type(v->mine, other))
		return;
	const uint8_t class = class_of(v, other, name);
	const uint64_t machine = hash_of(&other->identity);
	for (size_t i = 0; other->identity.size && i < v->hosts; i++)
		if (v->host[i].machine == machine) {
			add_visit(v, &v->host[i], class, name);
			return;
		}
	name_class(v, class, name);
	if (other->identity.size == 0 || v->hosts == VERDICT_HOSTS_MAX) {
		v->unidentified[class]++;
		return;
	}
	v->host[v->hosts++] = (struct verdict_host){
		.machine = machine,
		.seen = UINT64_C(1) << class,
		.latest = class,
		.last = class,
	};
}

/* Counts the hosts of each class. */
static void count_hosts(const struct verdict *v, size_t hosts[static CLASSES])
{
	memcpy(hosts, v->unidentified, sizeof(v->unidentified));
	for (const struct verdict_host *h = v->host; h < v->host + v->hosts; h++)
		for (unsigned class = 0; class < CLASSES; class ++)
			hosts[class] +=
				h->shared ? (h->seen >> class & 1) != 0 : h->latest == class;
}

/* Returns how many hosts have this host's value, itself among them. */
static size_t for_mine(const struct verdict *v, const struct verdict_item *item)
{
	const struct verdict_list *list = &v->differences;
	size_t hosts = v->like + 1;

	for (size_t i = 0; i < list->count; i++)
		if (same_subject(&list->item[i], item))
			hosts -= list->item[i].hosts;
	return hosts;
}

bool verdict_is(const struct verdict *v, const struct verdict_item *item, bool undecided)
{
	const size_t mine = for_mine(v, item);

	return undecided ? item->hosts == mine : item->hosts > mine;
}

bool verdict_judge(struct verdict *v)
{
	struct verdict_list *list = &v->differences;
	size_t hosts[CLASSES];

	count_hosts(v, hosts);
	for (size_t i = 0; i < CLASSES; i++)
		v->like += hosts[i];
	v->same = hosts[CLASS_SAME];
	for (size_t i = 0; i < v->classes; i++) {
		v->class[i].hosts = hosts[i];
		if (hosts[i])
			add_differences(list, v->mine, &v->class[i].host, hosts[i]);
	}
	for (size_t i = 0; i < list->count; i++) {
		v->deviations += verdict_is(v, &list->item[i], false);
		v->undecided += verdict_is(v, &list->item[i], true);
	}
	return v->deviations || v->undecided || (v->like == 0 && v->previous.count);
}
