/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "compare/differ.h"
#include "fleet/array.h"
#include "fleet/pool.h"

_Static_assert(POOL_HOST_ANSWERS_MAX == 64 && POOL_NAME_MAX == 128,
               "as the messages in err.def say");

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

		size_t count;
		const size_t first = feature_subleaf_rows(l->leaf, l->subleaf, &count);
		for (size_t id = first; id < first + count; id++)
			if (features[id].rule == RULE_NEVER) {
				const uint32_t mask = feature_mask((enum feature_id)id);

				own.reg[features[id].reg] &= ~mask;
				own.unknown[features[id].reg] &= ~mask;
			}
		to->at[to->count++] = own;
	}
}

struct pool_answer *pool_answer(struct pool *p, const struct cpuid_set *set)
{
	struct pool_answer answer;
	const size_t skip = offsetof(struct pool_answer, set);

	answer.index = 0;
	answer.set.count = set->count;
	memcpy(answer.set.at, set->at, set->count * sizeof(set->at[0]));
	return intern_keep(&p->sets, &answer,
	                   skip + offsetof(struct cpuid_set, at) + set->count * sizeof(set->at[0]),
	                   skip);
}

enum err pool_note(struct pool_list *list, struct pool_answer *answer)
{
	size_t at = list->count;

	/* Most often it is the only one. */
	for (; at > 0; at--) {
		const struct pool_answer *before = list->at[at - 1];

		if (before == answer)
			return ERR_NONE;
		if (cpuid_compare(&before->set, &answer->set) < 0)
			break;
	}
	if (list->count == POOL_HOST_ANSWERS_MAX)
		return ERR_MANY_OF_HOST;
	memmove(&list->at[at + 1], &list->at[at], (list->count - at) * sizeof(list->at[0]));
	list->at[at] = answer;
	list->count++;
	return ERR_NONE;
}

enum err pool_give(struct pool *p, struct pool_host *host, const struct pool_list *list)
{
	const struct pool_list *kept =
		intern_keep(&p->lists, list,
	                    offsetof(struct pool_list, at) + list->count * sizeof(list->at[0]), 0);

	if (!kept)
		return ERR_MEMORY;
	host->answers = kept->count;
	host->answer = kept->at;
	return ERR_NONE;
}

/* Adds a host with its answers. */
static enum err add_host(struct pool *p, const struct pool_host *host, const struct pool_list *list)
{
	struct pool_host *more = array_room(p->host, p->hosts, sizeof(*more));

	if (!more)
		return ERR_MEMORY;
	p->host = more;
	p->finished = false;
	more[p->hosts] = *host;
	const enum err err = pool_give(p, &more[p->hosts], list);
	p->hosts += err == ERR_NONE;
	return err;
}

/* Adds an answer of a host, without what does not describe the machine. */
static enum err add_own(struct pool *p, struct pool_list *list, const struct cpuid_set *set)
{
	struct cpuid_set own;

	keep_own(&own, set);
	if (own.count == 0)
		return ERR_NO_LEAVES;
	struct pool_answer *answer = pool_answer(p, &own);
	return answer ? pool_note(list, answer) : ERR_MEMORY;
}

/* Adds the answer of a kind: if its processors differ, what all and what any of them have. */
static enum err add_kind(struct pool *p, struct pool_list *list, const struct report *r,
                         size_t kind)
{
	struct cpuid_set set;
	struct merge m;

	if (!report_kind_differs(r, kind))
		return report_features(&r->kind[kind], &set) ? add_own(p, list, &set)
		                                             : ERR_MANY_LEAVES;
	merge_start(&m);
	if (!merge_add_kind(&m, r, kind))
		return ERR_MANY_LEAVES;
	const enum err err = add_own(p, list, &m.low);
	return err == ERR_NONE ? add_own(p, list, &m.high) : err;
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
	struct pool_list list = { .count = 0 };
	enum err err = ERR_NONE;

	if (r->kinds == 0)
		return ERR_NO_KINDS;

	struct pool_host described = *host;
	described.guest = cpuid_guest(&r->kind[0].set, described.hypervisor) ? GUEST_IS : GUEST_NOT;
	described.microcode = oldest_microcode(r);
	described.steppings = steppings(r);
	for (size_t i = 0; i < r->kinds && err == ERR_NONE; i++)
		err = add_kind(p, &list, r, i);
	return err == ERR_NONE ? add_host(p, &described, &list) : err;
}

/*
 * Adds an answer of a host of another pool.  One that was read from a file may be from an earlier
 * version, whose table had fewer bits that do not describe the machine.
 */
static enum err copy_answer(struct pool *p, struct pool_answer **to, const struct pool *other,
                            const struct cpuid_set *set)
{
	struct cpuid_set complete, own;

	if (other->no_zeros && cpuid_complete(&complete, set))
		set = &complete;
	if (other->as_read) {
		keep_own(&own, set);
		set = &own;
	}
	if (set->count == 0)
		return ERR_NO_LEAVES;
	*to = pool_answer(p, set);
	return *to ? ERR_NONE : ERR_MEMORY;
}

/* copy[]: the answers of a finished pool as they are in this one; NULL: not yet, or not finished.
 */
static enum err copy_host(struct pool *p, const struct pool *other, const struct pool_host *h,
                          struct pool_answer **copy)
{
	struct pool_list list = { .count = 0 };
	enum err err = ERR_NONE;

	for (size_t i = 0; i < h->answers && err == ERR_NONE; i++) {
		struct pool_answer *own = NULL, **to = copy ? &copy[h->answer[i]->index] : &own;

		if (!*to)
			err = copy_answer(p, to, other, &h->answer[i]->set);
		if (err == ERR_NONE)
			err = pool_note(&list, *to);
	}
	return err == ERR_NONE ? add_host(p, h, &list) : err;
}

enum err pool_add_pool(struct pool *p, const struct pool *other)
{
	struct pool_answer **copy =
		other->finished ? calloc(other->answers + 1, sizeof(*copy)) : NULL;
	enum err err = copy || !other->finished ? ERR_NONE : ERR_MEMORY;

	for (size_t i = 0; i < other->hosts && err == ERR_NONE; i++)
		err = copy_host(p, other, &other->host[i], copy);
	free(copy);
	for (size_t i = 0; i < other->left_outs && err == ERR_NONE; i++)
		err = pool_leave_out(p, other->left_out[i].name);
	return err;
}

enum err pool_leave_out(struct pool *p, const char *name)
{
	struct pool_name *more = array_room(p->left_out, p->left_outs, sizeof(*more));

	if (!more)
		return ERR_MEMORY;
	p->left_out = more;
	p->finished = false;
	memset(&more[p->left_outs], 0, sizeof(*more));
	strncpy(more[p->left_outs++].name, name, POOL_NAME_MAX);
	return ERR_NONE;
}
