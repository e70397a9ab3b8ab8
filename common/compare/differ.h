/* SPDX-License-Identifier: MIT */
/*
 * differ.h - where two sets of answers differ, field by field.
 *
 * The one comparison of the project: diff on the workstation, a verdict in front of the box.
 */
#ifndef DIFFER_H
#define DIFFER_H

#include "table/feature.h"

/* One difference.  A bit without a row has id F_NONE and is named by its place. */
struct differ {
	enum feature_id id;
	struct place at;
	uint32_t a, b; /* the value in each set, shifted down */
	size_t i, j;   /* how far the walk has come; start with a zeroed struct */
	unsigned next; /* bit of the register */
};

/*
 * True if a leaf is none of the machine's: a hypervisor's, measured anew at each visit, or a text
 * for amusement.
 */
bool differ_leaf_expected(uint32_t leaf);

/*
 * True if the difference says nothing about the machine: APIC ids, counts that follow who else is
 * switched on, mirrors of CR4, brand strings, measured values, a hypervisor's leaves.
 */
bool differ_expected(const struct differ *d);

/* Moves *d to the next difference, ascending.  Returns false when there is none. */
bool differ_next(struct differ *d, const struct cpuid_set *a, const struct cpuid_set *b);

#endif
