/* SPDX-License-Identifier: MIT */
/*
 * requirement.h - whether a host has what a VM requires: VMware's FeatureRequirement.
 */
#ifndef REQUIREMENT_H
#define REQUIREMENT_H

#include "mask/mask_named.h"

/* "cpuid.AVX" with "Bool:Min:1": at least 1. */
struct requirement {
	struct mask_capability of;
	struct mask_value value;
};

/* In ascending order: of several processors, the worst counts. */
enum fit {
	FIT_YES,
	FIT_UNKNOWN, /* the set does not say (place_known) */
	FIT_NO,
};

/* True if CPUID can answer it: a feature, a number, or the vendor, whose name is known. */
bool requirement_judged(const struct requirement *r);

/* Judges one that is judged. */
enum fit requirement_fit(const struct requirement *r, const struct cpuid_set *set);

/*
 * Returns the row that a requirement means on a processor: of two, Intel's is a basic leaf, AMD's
 * an extended one (IBPB).  F_NONE: the vendor.
 */
enum feature_id requirement_row(const struct requirement *r, const struct cpuid_set *set);

/* Returns the number of a processor that is compared: for the vendor, 1 or 0. */
uint32_t requirement_value(const struct requirement *r, const struct cpuid_set *set);

#endif
