/* SPDX-License-Identifier: MIT */
/*
 * explain.h - why the baseline of a pool lacks a feature, and without which hosts it would have it.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "compare/differ.h"
#include "fleet/pool.h"

enum reason_kind {
	REASON_NONE,   /* it is in the baseline */
	REASON_NOBODY, /* no host has it */
	REASON_HOSTS,  /* some hosts lack it, or their reports do not say */
	REASON_NEED,   /* all have it, but a feature that it needs is not in the baseline */
	REASON_LAYOUT, /* all have it, but its size or offset in the XSAVE area differs */
	REASON_DIFFER, /* a field of rule SAME that differs */
	REASON_NEVER,  /* not a property of the machine */
};

struct reason {
	enum reason_kind kind;
	size_t lacking;              /* number of hosts that lack it */
	size_t unknown;              /* number of hosts whose reports do not say */
	const struct pool_host *one; /* the first of them by name */
	enum feature_id need;        /* the missing feature, for REASON_NEED */
};

/* Whether a bit is set, or a field not zero. */
enum host_has {
	HOST_LACKS,   /* not on some processor */
	HOST_UNKNOWN, /* the report does not say (place_known) */
	HOST_HAS,     /* on all processors */
};

/* A pool, merged once for many questions. */
struct explained {
	const struct pool *pool;
	const struct merge *merge;        /* pool_merge of it */
	const struct cpuid_set *baseline; /* merge_baseline of that */
	enum host_has *has;               /* of each host, what explain_place was asked last */
	enum host_has *answer;            /* of each answer; for explain_place */
};

/* Sets *e for a finished pool.  Returns false if there is no memory.  explained_free frees what it
 * allocated. */
bool explained_start(struct explained *e, const struct pool *p, const struct merge *m,
                     const struct cpuid_set *baseline);
void explained_free(struct explained *e);

/* Return whether a host has it, and whether all hosts of a pool do. */
enum host_has explain_has(const struct pool_host *host, const struct place *at);
enum host_has explain_all_have(const struct pool *p, const struct place *at);

/*
 * For a feature that the baseline lacks: HOST_LACKS if a host is known to lack it or a feature that
 * it needs, HOST_UNKNOWN if reports do not say, HOST_HAS if neither is the cause.
 */
enum host_has explain_missing(const struct pool *p, enum feature_id id);

/* Sets *reason to why the baseline lacks a bit or field, and e->has. */
void explain_place(const struct explained *e, const struct place *at, struct reason *reason);

/*
 * Moves *d, which starts zeroed, to the next single bit of rule ALL, or without a row, that some
 * host has and the baseline lacks.  Returns false if there is none.
 */
bool explain_next_lost(const struct explained *e, struct differ *d);

/*
 * Sets same[i] for each host i that has the same answers as host, itself included.  Returns how
 * many these are.
 */
size_t explain_alike(const struct pool *p, const struct pool_host *host, bool *same);

/*
 * Sets *baseline to the baseline of the hosts whose out[] is false.  Returns false if there are
 * none, or if a set cannot hold all leaves.
 */
bool explain_without(const struct pool *p, const bool *out, struct merge *m,
                     struct cpuid_set *baseline);

/*
 * True if a feature counts as gained: a single bit of rule ALL that is set in more and not in less,
 * and that does not only repeat another bit.
 */
bool explain_gains(enum feature_id id, const struct cpuid_set *more, const struct cpuid_set *less);

/* Returns the number of features that are gained. */
size_t explain_gain(const struct cpuid_set *more, const struct cpuid_set *less);

#endif
