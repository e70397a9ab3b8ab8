/* SPDX-License-Identifier: MIT */
#include "fleet/pool.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "compare/differ.h"

void pool_start(struct pool *p)
{
	p->hosts = 0;
	p->answers = 0;
}

int pool_compare(const struct pool_host *a, const struct pool_host *b)
{
	const int order = ascii_compare(a->name, b->name);

	return order ? order : memcmp(a->digest, b->digest, POOL_DIGEST);
}

/*
 * Keeps of an answer what is the machine's: bits of NEVER rows are cleared; leaves that are then
 * empty, or were never the machine's, are left out.
 */
static void keep_own(struct cpuid_set *to, const struct cpuid_set *from)
{
	to->count = 0;
	for (const struct cpuid_leaf *l = from->at; l < from->at + from->count; l++) {
		struct cpuid_leaf own = *l;
		uint32_t any = 0;

		if (differ_leaf_expected(l->leaf))
			continue;

		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			size_t count;
			const enum feature_id first =
				feature_register(l->leaf, l->subleaf, (enum cpuid_reg)reg, &count);
			for (size_t id = first; id < first + count; id++)
				if (features[id].rule == RULE_NEVER)
					own.reg[reg] &= ~feature_mask((enum feature_id)id);
			any |= own.reg[reg];
		}
		if (any)
			to->at[to->count++] = own;
	}
}

/* Moves the answers from first on up by one place; hosts follow. */
static void renumber_from(struct pool *p, size_t first)
{
	for (struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		for (size_t i = 0; i < h->answers; i++)
			if (h->answer[i] >= first)
				h->answer[i]++;
}

/* Puts an answer at its place and returns that, or POOL_ANSWERS_MAX. */
static size_t add_answer(struct pool *p, const struct cpuid_set *set)
{
	size_t lo = 0, hi = p->answers;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		const int order = cpuid_compare(&p->answer[mid], set);

		if (order == 0)
			return mid;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (p->answers == POOL_ANSWERS_MAX)
		return POOL_ANSWERS_MAX;
	memmove(&p->answer[lo + 1], &p->answer[lo], (p->answers - lo) * sizeof(p->answer[0]));
	p->answer[lo] = *set;
	p->answers++;
	renumber_from(p, lo);
	return lo;
}

/* Returns the place of a host, made without answers if there is none, or NULL. */
static struct pool_host *add_host(struct pool *p, const struct pool_host *host)
{
	size_t at = 0;

	while (at < p->hosts && pool_compare(&p->host[at], host) < 0)
		at++;
	if (at < p->hosts && pool_compare(&p->host[at], host) == 0) {
		/* The same report twice: a good seal once is a good seal; of two keys the lower
		 * number stays, so that the order of adding makes no difference. */
		struct pool_host *h = &p->host[at];
		if (host->sealed && (!h->sealed || memcmp(host->key, h->key, sizeof(h->key)) < 0)) {
			h->sealed = true;
			memcpy(h->key, host->key, sizeof(h->key));
		}
		return h;
	}
	if (p->hosts == POOL_HOSTS_MAX)
		return NULL;
	memmove(&p->host[at + 1], &p->host[at], (p->hosts - at) * sizeof(p->host[0]));
	p->hosts++;
	p->host[at] = *host;
	p->host[at].answers = 0;
	return &p->host[at];
}

/* Notes that a host gave an answer, keeping its list ascending. */
static bool note_answer(struct pool_host *host, size_t answer)
{
	size_t at = 0;

	while (at < host->answers && host->answer[at] < answer)
		at++;
	if (at < host->answers && host->answer[at] == answer)
		return true;
	if (host->answers == REPORT_KINDS_MAX)
		return false;
	memmove(&host->answer[at + 1], &host->answer[at],
	        (host->answers - at) * sizeof(host->answer[0]));
	host->answer[at] = (uint16_t)answer;
	host->answers++;
	return true;
}

/* Adds an answer of a host's, less what is not the machine's. */
static enum err add_own(struct pool *p, struct pool_host *h, const struct cpuid_set *set)
{
	struct cpuid_set own;

	keep_own(&own, set);
	if (own.count == 0)
		return ERR_NO_LEAVES;
	const size_t answer = add_answer(p, &own);
	return answer < POOL_ANSWERS_MAX && note_answer(h, answer) ? ERR_NONE : ERR_FULL;
}

enum err pool_add_report(struct pool *p, const struct pool_host *host, const struct report *r)
{
	if (r->kinds == 0)
		return ERR_NO_KINDS;

	struct pool_host *h = add_host(p, host);
	enum err err = h ? ERR_NONE : ERR_FULL;
	for (size_t i = 0; i < r->kinds && err == ERR_NONE; i++)
		err = add_own(p, h, &r->kind[i].set);
	return err;
}

enum err pool_add_pool(struct pool *p, const struct pool *other)
{
	for (const struct pool_host *host = other->host; host < other->host + other->hosts;
	     host++) {
		struct pool_host *h = add_host(p, host);
		enum err err = h ? ERR_NONE : ERR_FULL;

		/* The other may have been written when the table knew less that is not the
		 * machine's. */
		for (size_t i = 0; i < host->answers && err == ERR_NONE; i++)
			err = add_own(p, h, &other->answer[host->answer[i]]);
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

bool pool_merge(const struct pool *p, struct merge *m)
{
	merge_start(m);
	for (size_t i = 0; i < p->answers; i++)
		if (!merge_add(m, &p->answer[i]))
			return false;
	return true;
}

bool pool_merge_host(const struct pool *p, const struct pool_host *host, struct merge *m)
{
	merge_start(m);
	for (size_t i = 0; i < host->answers; i++)
		if (!merge_add(m, &p->answer[host->answer[i]]))
			return false;
	return true;
}
