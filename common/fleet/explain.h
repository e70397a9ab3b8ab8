/* SPDX-License-Identifier: MIT */
/*
 * explain.h - why a pool does not promise a feature, and what it would take.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "fleet/pool.h"

enum reason_kind {
	REASON_NONE,   /* it is promised */
	REASON_NOBODY, /* no host has it */
	REASON_HOSTS,  /* some hosts lack it */
	REASON_NEED,   /* all have it, but not something that it needs */
	REASON_LAYOUT, /* all have it, but its place in the XSAVE area is not the same */
	REASON_DIFFER, /* a field that must be the same is not */
	REASON_NEVER,  /* not a property of the machine */
};

struct reason {
	enum reason_kind kind;
	size_t lacking;              /* how many hosts lack it */
	const struct pool_host *one; /* the first of them by name */
	enum feature_id need;        /* what is missing, for REASON_NEED */
};

/* What is merged, once for many questions. */
struct explained {
	const struct pool *pool;
	const struct merge *merge;        /* pool_merge of it */
	const struct cpuid_set *baseline; /* merge_promise of that */
};

/* True if a host has the bit on all of its processors, or the field not zero. */
bool explain_has(const struct pool_host *host, const struct place *at);

void explain_place(const struct explained *e, const struct place *at, struct reason *reason);

/*
 * Hosts that gave the same answers stand and fall together.  Marks in same[] those that answered as
 * host does, itself included, and returns how many they are.
 */
size_t explain_alike(const struct pool *p, const struct pool_host *host, bool *same);

/*
 * Merges the answers of the hosts that are not marked and gives what they promise.  False: none is
 * left, or more leaves than a set holds.
 */
bool explain_without(const struct pool *p, const bool *out, struct merge *m,
                     struct cpuid_set *baseline);

/* How many single bits of rule ALL are set in more and not in less. */
size_t explain_gain(const struct cpuid_set *more, const struct cpuid_set *less);

#endif
