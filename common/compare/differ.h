/* SPDX-License-Identifier: MIT */
/*
 * differ.h - finds the fields in which two sets differ.
 *
 * The only comparison in the project: the tool's diff and the probe's verdict both use it.
 */
#ifndef DIFFER_H
#define DIFFER_H

#include "table/feature.h"

/* One difference, and the state of the walk, which starts with a zeroed struct. */
struct differ {
	enum feature_id id; /* F_NONE: a bit without a row; at says where it is */
	struct place at;
	uint32_t a, b; /* the value in each set, shifted to bit 0 */
	size_t i, j;   /* index in each set */
	unsigned next; /* bit of the register */
};

/*
 * Returns true if a leaf says nothing about the machine: a hypervisor's, one with measured values,
 * or 8FFFFFFFH, AMD's Easter egg.
 */
bool differ_leaf_expected(uint32_t leaf);

/*
 * Returns true if the difference says nothing about the machine: APIC IDs, mirrors of CR4, counts
 * that depend on other processors, brand strings, measured values, a hypervisor's leaves.
 */
bool differ_expected(const struct differ *d);

/* Moves *d to the next difference, in ascending order.  Returns false if there is none. */
bool differ_next(struct differ *d, const struct cpuid_set *a, const struct cpuid_set *b);

#endif
