/* SPDX-License-Identifier: MIT */
/*
 * merge.h - merges sets, and computes the baseline: what a guest can use on all hosts.
 *
 * A merge keeps two bounds of every register: low, what all sets have (AND of bits, minimum of
 * fields), and high, what any set has (OR, maximum).  The order of the sets, their grouping, and
 * adding one twice make no difference.  The rules of feature.def turn bounds into the baseline.
 */
#ifndef MERGE_H
#define MERGE_H

#include "cpuid/cpuid.h"
#include "table/feature.h"

struct merge {
	size_t sets;
	uint64_t known; /* bit n: a set says what subleaf n of leaf 0DH has, the XSAVE states */
	struct cpuid_set low, high; /* the same leaves and subleaves in both */
};

/* Begins a merge without sets. */
void merge_start(struct merge *m);

/*
 * Adds a set.  A leaf that it does not have counts as all zero.  Returns false if all sets together
 * have more than CPUID_SET_MAX leaves; *m may then have new leaves that are all zero in low.
 */
bool merge_add(struct merge *m, const struct cpuid_set *set);

/*
 * Sets *baseline to what a guest can use on all hosts: each row by its rule, without extended
 * states whose layout in the XSAVE area differs, and without features that need one that is
 * missing.  NEVER rows are zero.  The size in leaf 0DH is that of the remaining states.  Leaves
 * that are all zero are left out.
 */
void merge_baseline(const struct merge *m, struct cpuid_set *baseline);

/*
 * Returns true if a row with rule SAME, such as the vendor, differs among the sets.  subleaf is
 * used for rows FROM(n).
 */
bool merge_differs(const struct merge *m, enum feature_id id, uint32_t subleaf);

#endif
