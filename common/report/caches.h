/* SPDX-License-Identifier: MIT */
/*
 * caches.h - the caches of a machine: which there are, how many of each, and what shares one.
 *
 * A cache belongs to the processors whose APIC IDs are equal without their low bits; the leaf that
 * describes it says how many. Of two nodes in one package, each has its own (AMD families 10H,
 * 15H).
 */
#ifndef CACHES_H
#define CACHES_H

#include "report/report.h"
#include "table/cache.h"

#define MACHINE_CACHES_MAX 64

enum cache_cores {
	CORES_ALL,
	CORES_LARGE,
	CORES_SMALL
}; /* of a hybrid machine: P-cores, E-cores */

struct machine_cache {
	struct cache cache;
	uint8_t cores;      /* enum cache_cores */
	size_t count;       /* in the machine; 0: not known */
	size_t least, most; /* processors that share one */
	size_t processors;  /* that have one */
};

/*
 * Lists the caches of a machine, by level. *source is where they are from: CACHE_UNKNOWN if that is
 * so of any processor. Counts are not known if APIC IDs repeat, or if only one of several
 * processors was read.
 */
size_t caches_take(const struct report *r, struct machine_cache list[static MACHINE_CACHES_MAX],
                   enum cache_source *source);

#endif
