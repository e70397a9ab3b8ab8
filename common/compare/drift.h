/* SPDX-License-Identifier: MIT */
/*
 * drift.h - finds the differences between two hosts that should be identical.
 *
 * The probe's verdict and the tool's drift both use it.
 */
#ifndef DRIFT_H
#define DRIFT_H

#include "compare/differ.h"
#include "compare/merge.h"
#include "report/identity.h"
#include "report/topology.h"

#define DRIFT_LIKE_MAX 400

/* The part of a report that is compared. */
struct drift_host {
	struct merge bounds;       /* what all, and what any, of its processors have */
	struct topology topology;  /* of the processors that were read */
	bool registers;            /* model-specific registers were read */
	uint64_t switched, locked; /* bit i: what row i of MSR_SWITCH in msr.def found */
	size_t like_size;          /* in bytes, of the next */
	char like[DRIFT_LIKE_MAX]; /* its type: equal for hosts that should be identical */
	struct identity identity;  /* which machine it is */
};

/*
 * Sets *host from a report.  Returns false if the processors together have more leaves than a set
 * holds.
 */
bool drift_take(struct drift_host *host, const struct report *r);

/*
 * Returns true if two hosts are of one type and should be identical: they have the same system
 * vendor and product, and first processors of the same vendor, signature (leaf 1 EAX) and brand.
 */
bool drift_same_type(const struct drift_host *a, const struct drift_host *b);

/* Returns true if all processors of both hosts say what is at a place. */
bool drift_both_know(const struct drift_host *a, const struct drift_host *b,
                     const struct place *at);

enum drift_what {
	DRIFT_FEATURE,    /* a bit or field of CPUID: differ */
	DRIFT_SWITCH,     /* firmware has switched a feature off on one of the two: id, number */
	DRIFT_PROCESSORS, /* the processors that were read, or how they are arranged: counted, a, b
	                   */
	DRIFT_END,        /* no other difference */
};

/* Of what DRIFT_PROCESSORS has the number. */
enum drift_counted { COUNTED_PROCESSORS, COUNTED_CORES, COUNTED_PACKAGES, COUNTED_SMALL };

/* One difference; start a walk with a zeroed struct. */
struct drift {
	enum drift_what what;
	enum feature_id id; /* F_NONE: a bit without a row, or not about a feature */
	bool a_some;        /* DRIFT_FEATURE: only some processors of the first host have a */
	bool b_some;        /* of the second, b */
	uint32_t number;    /* DRIFT_SWITCH: of the model-specific register */
	bool locked;        /* DRIFT_SWITCH: until the next reset */
	enum drift_counted counted;
	uint64_t a, b; /* the value in each; DRIFT_SWITCH: 1 where it is switched off */
	struct differ differ;
	unsigned stage; /* state of the walk */
	size_t row;
};

/* Returns what is counted: "processors", "cores", "sockets", "E-cores". */
const char *drift_counted(enum drift_counted counted);

/* Moves *d to the next difference.  Returns false if there is none. */
bool drift_next(struct drift *d, const struct drift_host *a, const struct drift_host *b);

#endif
