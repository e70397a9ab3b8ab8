/* SPDX-License-Identifier: MIT */
/*
 * merge.h - merges sets, and computes the baseline: what a guest can use on all hosts.
 *
 * A merge keeps two bounds of every register: low, what all sets have (AND of bits, minimum of
 * fields), and high, what any set has (OR, maximum).  The order of the sets, their grouping, and
 * adding one twice make no difference.  The rules of feature.def turn bounds into the baseline.
 *
 * What a set does not say is unknown: a bit is then 0 in low, so that no guest uses what a host may
 * lack, and the bounds of numbers are those of the sets that say something.  Of leaf 0DH, but for
 * the features in its subleaf 1, the bounds are those of the other sets: which extended states a
 * processor has follows from its features in other leaves.
 */
#ifndef MERGE_H
#define MERGE_H

#include "cpuid/cpuid.h"
#include "report/report.h"
#include "table/feature.h"

/*
 * Both bounds have the same leaves and subleaves.  Unknown in low is what some set does not say
 * (cpuid_unknown), unknown in high is what no set says; of a field, all bits are.
 */
struct merge {
	size_t sets;
	struct cpuid_set low, high;
};

/* Begins a merge without sets. */
void merge_start(struct merge *m);

/*
 * Adds a set.  A leaf that it does not have counts as all zero, if that is known.  Returns false if
 * all sets together have more than CPUID_SET_MAX leaves; *m may then have new leaves that are all
 * zero in low.
 */
bool merge_add(struct merge *m, const struct cpuid_set *set);

/* Adds the sets of the processors of a kind of a report.  Returns false as merge_add does. */
bool merge_add_kind(struct merge *m, const struct report *r, size_t kind);

/* Returns the bits of a register that some set does not say. */
uint32_t merge_unknown(const struct merge *m, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);

/* Returns true if all sets say all bits of a place. */
bool merge_knows(const struct merge *m, const struct place *at);

/*
 * Sets *baseline to what a guest can use on all hosts: each row by its rule, without extended
 * states whose layout in the XSAVE area differs, and without features that need one that is
 * missing.  NEVER rows are zero.  The size in leaf 0DH is that of the remaining states.  Leaves
 * that are all zero are left out.  Unknown in it is what some set does not say.
 */
void merge_baseline(const struct merge *m, struct cpuid_set *baseline);

/*
 * Returns true if a row with rule SAME, such as the vendor, differs among the sets.  subleaf is
 * used for rows FROM(n).
 */
bool merge_differs(const struct merge *m, enum feature_id id, uint32_t subleaf);

#endif
