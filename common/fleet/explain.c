/* SPDX-License-Identifier: MIT */
#include "fleet/explain.h"

#include <stdlib.h>
#include <string.h>

#include "table/feature_copy.h"

bool explained_start(struct explained *e, const struct pool *p, const struct merge *m,
                     const struct cpuid_set *baseline)
{
	*e = (struct explained){ .pool = p, .merge = m, .baseline = baseline };
	e->has = calloc(p->hosts + 1, sizeof(*e->has));
	e->answer = calloc(p->answers + 1, sizeof(*e->answer));
	return e->has && e->answer;
}

void explained_free(struct explained *e)
{
	free(e->has);
	free(e->answer);
}

static enum host_has answer_has(const struct pool_answer *answer, const struct place *at)
{
	if (!place_known(&answer->set, at))
		return HOST_UNKNOWN;
	return place_value(&answer->set, at) ? HOST_HAS : HOST_LACKS;
}

static enum host_has least(enum host_has a, enum host_has b)
{
	return a < b ? a : b;
}

enum host_has explain_has(const struct pool_host *host, const struct place *at)
{
	enum host_has has = HOST_HAS;

	for (size_t i = 0; i < host->answers; i++)
		has = least(has, answer_has(host->answer[i], at));
	return has;
}

enum host_has explain_all_have(const struct pool *p, const struct place *at)
{
	enum host_has has = HOST_HAS;

	for (size_t i = 0; i < p->answers; i++)
		has = least(has, answer_has(p->answer[i], at));
	return has;
}

/* Needs of needs that are followed: features may need each other. */
#define NEEDS_DEEP 8

static enum host_has missing(const struct pool *p, enum feature_id id, unsigned deep)
{
	const struct place at = feature_place(id);
	enum host_has has = explain_all_have(p, &at);

	for (const uint16_t *need = feature_needs(id); *need != F_NONE && deep; need++)
		has = least(has, missing(p, (enum feature_id) * need, deep - 1));
	return has;
}

enum host_has explain_missing(const struct pool *p, enum feature_id id)
{
	return missing(p, id, NEEDS_DEEP);
}

/* Hosts are many, and different answers few: each of those is looked at once. */
static void ask_all(const struct explained *e, const struct place *at)
{
	const struct pool *p = e->pool;

	for (size_t i = 0; i < p->answers; i++)
		e->answer[i] = answer_has(p->answer[i], at);
	for (size_t i = 0; i < p->hosts; i++) {
		const struct pool_host *h = &p->host[i];

		e->has[i] = HOST_HAS;
		for (size_t k = 0; k < h->answers; k++)
			e->has[i] = least(e->has[i], e->answer[h->answer[k]->index]);
	}
}

/* Counts the hosts that lack it, and those that may. */
static void find_lacking(const struct explained *e, const struct place *at, struct reason *reason)
{
	ask_all(e, at);
	for (size_t i = 0; i < e->pool->hosts; i++) {
		if (e->has[i] == HOST_LACKS && reason->lacking++ == 0)
			reason->one = &e->pool->host[i];
		reason->unknown += e->has[i] == HOST_UNKNOWN;
	}
}

/* Returns a feature that a row needs and the baseline lacks, or F_NONE. */
static enum feature_id missing_need(const struct cpuid_set *baseline, enum feature_id id)
{
	for (const uint16_t *need = feature_needs(id); *need != F_NONE; need++)
		if (feature_value(baseline, (enum feature_id)need[0]) == 0)
			return (enum feature_id)need[0];
	return F_NONE;
}

/* True if the bit is an extended state whose size or offset differs between hosts. */
static bool layout_differs(const struct explained *e, const struct place *at)
{
	const uint32_t component = at->low + (at->reg == EDX ? 32 : 0);
	const bool xcr0 = at->subleaf == 0 && (at->reg == EAX || at->reg == EDX);
	const bool xss = at->subleaf == 1 && (at->reg == ECX || at->reg == EDX);

	if (at->leaf != 0xd || component < 2 || !(xcr0 || xss))
		return false;
	for (unsigned reg = EAX; reg <= EBX; reg++)
		if (cpuid_value(&e->merge->low, 0xd, component, (enum cpuid_reg)reg) !=
		    cpuid_value(&e->merge->high, 0xd, component, (enum cpuid_reg)reg))
			return true;
	return false;
}

/*
 * Returns the need that is the cause: follows the needs of needs until one that some host lacks.
 * Returns the first need if there is none, since features may need each other.
 */
static enum feature_id root_need(const struct explained *e, enum feature_id id)
{
	const enum feature_id first = missing_need(e->baseline, id);
	enum feature_id need = first;

	for (unsigned steps = 0; need != F_NONE && steps < 8; steps++) {
		const struct place at = feature_place(need);
		if (place_value(&e->merge->low, &at) == 0 || layout_differs(e, &at))
			return need;
		need = missing_need(e->baseline, need);
	}
	return first;
}

void explain_place(const struct explained *e, const struct place *at, struct reason *reason)
{
	const enum feature_id id = feature_of(at);
	const enum feature_rule rule = (enum feature_rule)features[id].rule;

	*reason = (struct reason){ .kind = REASON_NONE };
	find_lacking(e, at, reason);
	if (id != F_NONE && rule == RULE_NEVER) {
		reason->kind = REASON_NEVER;
		return;
	}
	if (place_value(e->baseline, at))
		return;
	if (place_value(&e->merge->high, at) == 0 && !reason->unknown) {
		reason->kind = REASON_NOBODY;
		return;
	}
	if (id != F_NONE && rule == RULE_SAME)
		reason->kind = REASON_DIFFER;
	else if (reason->lacking || reason->unknown)
		reason->kind = REASON_HOSTS;
	else if (layout_differs(e, at))
		reason->kind = REASON_LAYOUT;
	else
		reason->kind = REASON_NEED;
	if (reason->kind == REASON_NEED)
		reason->need = root_need(e, id);
}

bool explain_next_lost(const struct explained *e, struct differ *d)
{
	while (differ_next(d, &e->merge->high, e->baseline))
		if (d->at.low == d->at.high &&
		    (d->id == F_NONE || features[d->id].rule == RULE_ALL))
			return true;
	return false;
}

size_t explain_alike(const struct pool *p, const struct pool_host *host, bool *same)
{
	size_t count = 0;

	for (size_t i = 0; i < p->hosts; i++) {
		const struct pool_host *h = &p->host[i];
		same[i] = h->answers == host->answers &&
		          memcmp(h->answer, host->answer, h->answers * sizeof(h->answer[0])) == 0;
		count += same[i];
	}
	return count;
}

bool explain_without(const struct pool *p, const bool *out, struct merge *m,
                     struct cpuid_set *baseline)
{
	bool *in = calloc(p->answers ? p->answers : 1, sizeof(*in));
	bool ok = in != NULL;

	for (size_t i = 0; ok && i < p->hosts; i++)
		for (size_t k = 0; !out[i] && k < p->host[i].answers; k++)
			in[p->host[i].answer[k]->index] = true;
	merge_start(m);
	for (size_t i = 0; ok && i < p->answers; i++)
		ok = !in[i] || merge_add(m, &p->answer[i]->set);
	free(in);
	if (!ok || m->sets == 0)
		return false;
	merge_baseline(m, baseline);
	return true;
}

bool explain_gains(enum feature_id id, const struct cpuid_set *more, const struct cpuid_set *less)
{
	return features[id].rule == RULE_ALL && features[id].low == features[id].high &&
	       feature_copy_of(id) == F_NONE && feature_value(more, id) && !feature_value(less, id);
}

size_t explain_gain(const struct cpuid_set *more, const struct cpuid_set *less)
{
	size_t count = 0;

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		count += explain_gains((enum feature_id)id, more, less);
	return count;
}
