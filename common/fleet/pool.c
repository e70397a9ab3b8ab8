/* SPDX-License-Identifier: MIT */
#include "fleet/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "compare/differ.h"
#include "fleet/array.h"

_Static_assert(POOL_ANSWERS_MAX == 65536 && POOL_HOST_ANSWERS_MAX == 64 && POOL_NAME_MAX == 128,
               "as the messages in err.def say");

void pool_start(struct pool *p)
{
	*p = (struct pool){ .hosts = 0 };
}

void pool_free(struct pool *p)
{
	for (size_t i = 0; i < p->answers; i++)
		free(p->answer[i]);
	free(p->answer);
	free(p->host);
	pool_start(p);
}

int pool_compare(const struct pool_host *a, const struct pool_host *b)
{
	const int order = ascii_compare(a->name, b->name);

	return order ? order : memcmp(a->digest, b->digest, POOL_DIGEST);
}

/*
 * Copies what describes the machine: clears bits of NEVER rows, and leaves out leaves that do not
 * describe a machine.  Leaves that are then all zero stay: what is not there is unknown.
 */
static void keep_own(struct cpuid_set *to, const struct cpuid_set *from)
{
	to->count = 0;
	for (const struct cpuid_leaf *l = from->at; l < from->at + from->count; l++) {
		struct cpuid_leaf own = *l;

		if (differ_leaf_expected(l->leaf))
			continue;

		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			size_t count;
			const enum feature_id first =
				feature_register(l->leaf, l->subleaf, (enum cpuid_reg)reg, &count);
			for (size_t id = first; id < first + count; id++)
				if (features[id].rule == RULE_NEVER) {
					own.reg[reg] &= ~feature_mask((enum feature_id)id);
					own.unknown[reg] &= ~feature_mask((enum feature_id)id);
				}
		}
		to->at[to->count++] = own;
	}
}

/* Returns the index of the first answer that is not less than a set. */
static size_t find_answer(const struct pool *p, const struct cpuid_set *set)
{
	size_t lo = 0, hi = p->answers;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (cpuid_compare(&p->answer[mid]->set, set) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct pool_answer *pool_answer(struct pool *p, const struct cpuid_set *set)
{
	const size_t at = find_answer(p, set);

	if (at < p->answers && cpuid_compare(&p->answer[at]->set, set) == 0)
		return p->answer[at];
	if (p->answers == POOL_ANSWERS_MAX)
		return NULL;

	struct pool_answer **more = array_room(p->answer, p->answers, sizeof(*more));
	struct pool_answer *answer = malloc(sizeof(*answer));
	p->answer = more ? more : p->answer;
	if (!more || !answer) {
		free(answer);
		return NULL;
	}
	answer->set.count = set->count;
	memcpy(answer->set.at, set->at, set->count * sizeof(set->at[0]));
	memmove(&more[at + 1], &more[at], (p->answers - at) * sizeof(more[0]));
	more[at] = answer;
	p->answers++;
	for (size_t i = at; i < p->answers; i++)
		more[i]->index = i;
	return answer;
}

/* Returns the index of the first host that is not less than another. */
static size_t find_host(const struct pool *p, const struct pool_host *host)
{
	size_t lo = 0, hi = p->hosts;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (pool_compare(&p->host[mid], host) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static unsigned knows(const struct visit *v)
{
	return (unsigned)v->known << 2 | (unsigned)v->numbered << 1 | (v->time[0] != '\0');
}

/* Of one report: a pool of version 1 or of --all-visits knows less. */
static void add_visit(struct visit *v, const struct visit *other)
{
	const bool shared = v->shared || other->shared;

	if (knows(other) > knows(v))
		*v = *other;
	v->shared = v->known && shared;
}

/*
 * Returns a host of the pool, and adds it without answers if it is new.  NULL: no memory.  What a
 * pool of an earlier version says of it, where leaves of zeros are missing, gives way to others.
 */
static struct pool_host *add_host(struct pool *p, const struct pool_host *host)
{
	const size_t at = find_host(p, host);

	if (at < p->hosts && pool_compare(&p->host[at], host) == 0) {
		/* The same report twice.  It has a good seal if it had one once; of two key
		 * numbers the lower one counts, so that the order makes no difference. */
		struct pool_host *h = &p->host[at];
		if (host->sealed && (!h->sealed || memcmp(host->key, h->key, sizeof(h->key)) < 0)) {
			h->sealed = true;
			memcpy(h->key, host->key, sizeof(h->key));
		}
		h->claimed = h->claimed && host->claimed;
		if (!h->microcode.known)
			h->microcode = host->microcode;
		if (!h->steppings)
			h->steppings = host->steppings;
		if (h->guest == GUEST_UNKNOWN && host->guest != GUEST_UNKNOWN) {
			h->guest = host->guest;
			memcpy(h->hypervisor, host->hypervisor, sizeof(h->hypervisor));
			h->answers = 0;
			pool_drop_answers(p);
		}
		add_visit(&h->visit, &host->visit);
		return h;
	}
	struct pool_host *more = array_room(p->host, p->hosts, sizeof(*more));
	if (!more)
		return NULL;
	p->host = more;
	memmove(&more[at + 1], &more[at], (p->hosts - at) * sizeof(more[0]));
	p->hosts++;
	more[at] = *host;
	more[at].answers = 0;
	return &more[at];
}

/* Adds an answer to a host, whose list ascends.  Returns false if the list is full. */
static bool note_answer(struct pool_host *host, struct pool_answer *answer)
{
	size_t at = 0;

	while (at < host->answers && host->answer[at]->index < answer->index)
		at++;
	if (at < host->answers && host->answer[at] == answer)
		return true;
	if (host->answers == POOL_HOST_ANSWERS_MAX)
		return false;
	memmove(&host->answer[at + 1], &host->answer[at],
	        (host->answers - at) * sizeof(host->answer[0]));
	host->answer[at] = answer;
	host->answers++;
	return true;
}

/* Adds an answer of a host, without what does not describe the machine. */
static enum err add_own(struct pool *p, struct pool_host *h, const struct cpuid_set *set)
{
	struct cpuid_set own;

	keep_own(&own, set);
	if (own.count == 0)
		return ERR_NO_LEAVES;
	struct pool_answer *answer = pool_answer(p, &own);
	if (!answer)
		return p->answers == POOL_ANSWERS_MAX ? ERR_MANY_ANSWERS : ERR_MEMORY;
	return note_answer(h, answer) ? ERR_NONE : ERR_MANY_OF_HOST;
}

/* Adds the answer of a kind: if its processors differ, what all and what any of them have. */
static enum err add_kind(struct pool *p, struct pool_host *h, const struct report *r, size_t kind)
{
	struct cpuid_set set;
	struct merge m;

	if (!report_kind_differs(r, kind))
		return report_features(&r->kind[kind], &set) ? add_own(p, h, &set)
		                                             : ERR_MANY_LEAVES;
	merge_start(&m);
	if (!merge_add_kind(&m, r, kind))
		return ERR_MANY_LEAVES;
	const enum err err = add_own(p, h, &m.low);
	return err == ERR_NONE ? add_own(p, h, &m.high) : err;
}

/* Of several revisions the oldest is safe: a newer one takes no feature away. */
static struct control_value oldest_microcode(const struct report *r)
{
	struct control_value oldest = r->kind[0].control.microcode;

	for (size_t i = 1; i < r->kinds; i++) {
		const struct control_value *own = &r->kind[i].control.microcode;

		oldest.known = oldest.known && own->known;
		if (own->value < oldest.value)
			oldest.value = own->value;
	}
	return oldest;
}

static uint16_t steppings(const struct report *r)
{
	uint16_t all = 0;

	for (size_t i = 0; i < r->kinds; i++) {
		if (cpuid_unknown(&r->kind[i].set, 1, 0, EAX) & feature_mask(F_STEPPING))
			return 0;
		all |= (uint16_t)(1U << feature_value(&r->kind[i].set, F_STEPPING));
	}
	return all;
}

enum err pool_add_report(struct pool *p, const struct pool_host *host, const struct report *r)
{
	if (r->kinds == 0)
		return ERR_NO_KINDS;

	struct pool_host described = *host;
	described.guest = cpuid_guest(&r->kind[0].set, described.hypervisor) ? GUEST_IS : GUEST_NOT;
	described.microcode = oldest_microcode(r);
	described.steppings = steppings(r);
	struct pool_host *h = add_host(p, &described);
	enum err err = h ? ERR_NONE : ERR_MEMORY;
	for (size_t i = 0; i < r->kinds && err == ERR_NONE; i++)
		err = add_kind(p, h, r, i);
	return err;
}

/* Adds an answer of a host of another pool. */
static enum err add_answer(struct pool *p, struct pool_host *h, const struct pool *other,
                           const struct cpuid_set *set)
{
	struct cpuid_set complete;

	/* The other pool may be from an earlier version, whose table had fewer bits that do not
	 * describe the machine. */
	return add_own(p, h, other->no_zeros && cpuid_complete(&complete, set) ? &complete : set);
}

enum err pool_add_pool(struct pool *p, const struct pool *other)
{
	for (const struct pool_host *host = other->host; host < other->host + other->hosts;
	     host++) {
		struct pool_host *h = add_host(p, host);
		enum err err = h ? ERR_NONE : ERR_MEMORY;

		const bool earlier = h && h->guest != GUEST_UNKNOWN && host->guest == GUEST_UNKNOWN;
		for (size_t i = 0; i < host->answers && err == ERR_NONE && !earlier; i++)
			err = add_answer(p, h, other, &host->answer[i]->set);
		if (err != ERR_NONE)
			return err;
	}
	return ERR_NONE;
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
