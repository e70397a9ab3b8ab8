/* SPDX-License-Identifier: MIT */
/*
 * merge.h - what a group of machines may promise a guest that moves among them.
 *
 * A merge keeps two bounds of every register over all sets added: low, what every one has (AND of
 * bits, minimum of fields), and high, what any one has (OR, maximum).  Bounds do not depend on the
 * order of the sets, how they were grouped, or how often one was added; the rules of feature.def
 * turn them into the promise.
 */
#ifndef MERGE_H
#define MERGE_H

#include "cpuid/cpuid.h"
#include "table/feature.h"

struct merge {
	size_t sets;
	uint64_t layouts; /* bit n: a set had subleaf n of leaf 0DH, the place of an extended state
	                   */
	struct cpuid_set low, high; /* the same leaves and subleaves in both */
};

void merge_start(struct merge *m);

/*
 * Adds what one processor answers.  A leaf that it does not have counts as all zero.  Returns
 * false, with *m as before but for leaves that are zero in low, if all sets together have more
 * leaves than CPUID_SET_MAX.
 */
bool merge_add(struct merge *m, const struct cpuid_set *set);

/*
 * What the group may promise: by each row's rule, then without what lacks a feature that it needs
 * and without extended states whose layout in the XSAVE area differs; leaf 0DH's size is computed
 * from what is left.  NEVER rows are zero.  Leaves that are all zero are left out.
 */
void merge_baseline(const struct merge *m, struct cpuid_set *baseline);

/*
 * True if a SAME row differs among the sets that were added; a vendor that does is such a case.
 * Rows FROM(n) are judged in subleaf.
 */
bool merge_differs(const struct merge *m, enum feature_id id, uint32_t subleaf);

#endif
