/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "fleet/pool.h"

#define UNUSED SIZE_MAX /* as the number of an answer */

static int by_answer(const void *x, const void *y)
{
	const struct pool_answer *const *a = x, *const *b = y;

	return cpuid_compare(&(*a)->set, &(*b)->set);
}

bool pool_number_answers(struct pool *p)
{
	size_t used = 0;

	for (size_t i = 0; i < p->sets.room; i++)
		if (p->sets.slot[i].at)
			((struct pool_answer *)p->sets.slot[i].at)->index = UNUSED;
	struct pool_answer **answer = malloc((p->sets.count + 1) * sizeof(*answer));
	if (!answer)
		return false;
	for (struct pool_host *h = p->host; h < p->host + p->hosts; h++)
		for (size_t i = 0; i < h->answers; i++)
			if (h->answer[i]->index == UNUSED) {
				h->answer[i]->index = used;
				answer[used++] = h->answer[i];
			}
	qsort(answer, used, sizeof(*answer), by_answer);
	for (size_t i = 0; i < used; i++)
		answer[i]->index = i;
	free(p->answer);
	p->answer = answer;
	p->answers = used;
	return true;
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
 * Gives a host the answers of the same host elsewhere too.  What a pool of an earlier version says
 * of it, where leaves of zeros are missing, gives way to others.
 */
static enum err add_answers(struct pool *p, struct pool_host *h, const struct pool_host *other)
{
	const bool unknown = h->guest == GUEST_UNKNOWN,
		   other_unknown = other->guest == GUEST_UNKNOWN;
	struct pool_list list = { .count = 0 };
	enum err err = ERR_NONE;

	if (unknown && !other_unknown) {
		h->guest = other->guest;
		memcpy(h->hypervisor, other->hypervisor, sizeof(h->hypervisor));
		h->answers = other->answers;
		h->answer = other->answer;
	}
	if (unknown != other_unknown || pool_same_answers(h, other))
		return ERR_NONE;
	for (size_t i = 0; i < h->answers; i++)
		list.at[list.count++] = h->answer[i];
	for (size_t i = 0; i < other->answers && err == ERR_NONE; i++)
		err = pool_note(&list, other->answer[i]);
	return err == ERR_NONE ? pool_give(p, h, &list) : err;
}

/*
 * The same report twice.  It has a good seal if it had one once; of two key numbers the lower one
 * counts, so that the order makes no difference.
 */
static enum err join(struct pool *p, struct pool_host *h, const struct pool_host *other)
{
	if (other->sealed && (!h->sealed || memcmp(other->key, h->key, sizeof(h->key)) < 0)) {
		h->sealed = true;
		memcpy(h->key, other->key, sizeof(h->key));
	}
	h->claimed = h->claimed && other->claimed;
	if (!h->microcode.known)
		h->microcode = other->microcode;
	if (!h->steppings)
		h->steppings = other->steppings;
	add_visit(&h->visit, &other->visit);
	return add_answers(p, h, other);
}

/* Of one report, in the order in which they were added. */
static int by_host(const void *x, const void *y)
{
	const struct pool_host *a = *(const struct pool_host *const *)x;
	const struct pool_host *b = *(const struct pool_host *const *)y;
	const int order = pool_compare(a, b);

	return order ? order : (a > b) - (a < b);
}

static bool ascends(const struct pool *p)
{
	for (size_t i = 1; i < p->hosts; i++)
		if (pool_compare(&p->host[i - 1], &p->host[i]) >= 0)
			return false;
	return true;
}

static enum err sort_hosts(struct pool *p)
{
	const struct pool_host **list = malloc((p->hosts + 1) * sizeof(const struct pool_host *));
	size_t room = 1, used = 0;
	enum err err = ERR_NONE;

	/* As array_room leaves it: hosts may be added afterwards. */
	while (room < p->hosts)
		room *= 2;
	struct pool_host *host = malloc(room * sizeof(*host));
	if (!list || !host) {
		free(list);
		free(host);
		return ERR_MEMORY;
	}
	for (size_t i = 0; i < p->hosts; i++)
		list[i] = &p->host[i];
	qsort(list, p->hosts, sizeof(const struct pool_host *), by_host);
	for (size_t i = 0; i < p->hosts && err == ERR_NONE; i++) {
		if (used && pool_compare(&host[used - 1], list[i]) == 0)
			err = join(p, &host[used - 1], list[i]);
		else
			host[used++] = *list[i];
	}
	free(list);
	free(p->host);
	p->host = host;
	p->hosts = used;
	return err;
}

static int by_name(const void *x, const void *y)
{
	const struct pool_name *a = x, *b = y;

	return ascii_compare(a->name, b->name);
}

/* Each name once, ascending. */
static void sort_left_out(struct pool *p)
{
	size_t used = 0;

	if (p->left_outs)
		qsort(p->left_out, p->left_outs, sizeof(*p->left_out), by_name);
	for (size_t i = 0; i < p->left_outs; i++)
		if (!used || by_name(&p->left_out[used - 1], &p->left_out[i]) != 0)
			p->left_out[used++] = p->left_out[i];
	p->left_outs = used;
}

enum err pool_finish(struct pool *p)
{
	const enum err err = ascends(p) ? ERR_NONE : sort_hosts(p);

	if (err != ERR_NONE)
		return err;
	sort_left_out(p);
	if (!pool_number_answers(p))
		return ERR_MEMORY;
	p->finished = true;
	return ERR_NONE;
}
