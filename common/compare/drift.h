/* SPDX-License-Identifier: MIT */
/*
 * drift.h - in what two boxes that ought to be identical are not.
 *
 * The same code gives a verdict in front of the box and groups a rack's reports on a workstation.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "compare/differ.h"
#include "compare/merge.h"
#include "report/report.h"

#define DRIFT_LIKE_MAX 400
#define DRIFT_OWN_MAX  800

/* What of a report is compared. */
struct drift_host {
	struct merge bounds;       /* what all, and what any, of its processors answer */
	size_t processors;         /* that answered */
	bool registers;            /* model-specific registers were read */
	uint64_t switched, locked; /* bit i: what row i of MSR_SWITCH in msr.def found */
	size_t like_size, own_size;
	char like[DRIFT_LIKE_MAX]; /* what boxes that ought to be identical have in common */
	char own[DRIFT_OWN_MAX];   /* what tells it from them; like_size and own_size bytes */
};

/* Returns false if the processors of the box have more leaves together than a set holds. */
bool drift_take(struct drift_host *host, const struct report *r);

/*
 * True if two boxes ought to be identical: the same system vendor and product, and first
 * processors of the same vendor, signature (leaf 1 EAX) and brand.
 */
bool drift_like(const struct drift_host *a, const struct drift_host *b);

/* True if two are visits to one box, by what of its serial numbers and UUID is known. */
bool drift_same_host(const struct drift_host *a, const struct drift_host *b);

enum drift_what {
	DRIFT_FEATURE,    /* a bit or field of CPUID: differ says which */
	DRIFT_SWITCH,     /* switched off by the firmware in one of the two only: id, number */
	DRIFT_PROCESSORS, /* how many answered: a, b */
	DRIFT_END,
};

/* One difference; start a walk with a zeroed struct. */
struct drift {
	enum drift_what what;
	enum feature_id id; /* F_NONE: a bit without a row, or not about a feature */
	bool some;          /* DRIFT_FEATURE: only on some of a box's processors */
	uint32_t number;    /* DRIFT_SWITCH: of the model-specific register */
	bool locked;        /* DRIFT_SWITCH: until the next reset */
	uint64_t a, b;      /* the value in each; DRIFT_SWITCH: 1 where it is switched off */
	struct differ differ;
	unsigned stage; /* how far the walk has come */
	size_t row;
};

/* Moves *d to the next difference.  Returns false when there is none. */
bool drift_next(struct drift *d, const struct drift_host *a, const struct drift_host *b);

#endif
