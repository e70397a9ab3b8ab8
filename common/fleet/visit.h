/* SPDX-License-Identifier: MIT */
/*
 * visit.h - visits of one machine: which report is its latest?
 *
 * A machine counts once, with its latest report.  The sequence number tells what is later on one
 * stick, and a stick is named by the key of a good seal.  Across sticks the firmware's clock tells,
 * in UTC if it says no zone.
 * Serial numbers are not trusted: where the CPUID leaves of a machine alternate (a, b, a), or where
 * nothing tells what is later, two machines claim one number, and each different report counts.
 */
#ifndef VISIT_H
#define VISIT_H

#include "base/lines.h"
#include "report/report.h"
#include "report/seal.h"

#define VISIT_MACHINE 16 /* bytes of BLAKE2b-128 over struct identity */

/* What a report says of its machine and when it was made. */
struct visit {
	bool known;                       /* the machine has an identity */
	bool shared;                      /* two machines claim it */
	uint8_t machine[VISIT_MACHINE];   /* equal for reports of one machine */
	char name[REPORT_STRING_MAX + 1]; /* what to call the machine by */
	bool numbered;                    /* the report has a sequence number */
	uint64_t sequence;
	char time[LINE_TIME_MAX]; /* "": unknown */
};

enum visit_fate {
	VISIT_KEPT,     /* the latest of its machine */
	VISIT_SHARED,   /* kept: another machine claims the same numbers */
	VISIT_UNSEALED, /* kept: it is later than by, but has no good seal */
	VISIT_REPLACED, /* by is later */
	VISIT_REPEATED, /* by is a report with the same CPUID leaves, from the same time */
};

/* One report among those that are compared. */
struct visitor {
	const struct visit *visit;
	const char *host;     /* the host's name */
	bool sealed;          /* it has a good seal, */
	const uint8_t *key;   /* by the stick with this key number */
	const void *of;       /* the caller's, for same */
	enum visit_fate fate; /* set by visit_judge, as is the rest */
	const struct visitor *by;
	bool clock;  /* only the firmware's clocks tell what is later, */
	bool zone;   /* and one of the two does not say its zone, which could change that */
	bool shared; /* two machines claim the number, now or in an earlier merge */
};

/* Returns true if two reports, given by struct visitor.of, say the same of the machine. */
typedef bool visit_same(const void *a, const void *b);

/*
 * Sets the fate of each report.  Sorts v[count] so that the reports of one machine are neighbors,
 * the latest last.  Reports of machines without an identity are kept.  The order of v makes no
 * difference.
 */
void visit_judge(struct visitor *v, size_t count, visit_same *same);

/* Returns true if a report counts. */
bool visit_counts(const struct visitor *v);

#endif
