/* SPDX-License-Identifier: MIT */
/*
 * cache.h - the caches and TLBs of one processor, from whichever leaf describes them best.
 *
 * Leaves 4 and 8000001DH describe every cache. Where they are missing, AMD and others have leaves
 * 80000005H and 80000006H, and Intel has the descriptors of leaf 2. Intel's leaf 80000006H has not
 * kept pace with its processors (it says 256 KiB of level 2 where leaf 4 says 1 MiB), so it is not
 * asked here.
 */
#ifndef CACHE_H
#define CACHE_H

#include "cpuid/cpuid.h"

#define CACHES_MAX 16
#define TLBS_MAX   32

#define WAYS_ALL 0xffff /* fully associative */

enum cache_type { CACHE_DATA = 1, CACHE_CODE, CACHE_UNIFIED, CACHE_TRACE };

/* The pages of a TLB. */
enum { PAGES_4K = 1, PAGES_2M = 2, PAGES_4M = 4, PAGES_1G = 8 };

/* What shares a cache if no leaf says how many bits of an APIC ID its processors have in common. */
enum cache_shared { SHARED_BITS, SHARED_CORE, SHARED_NODE, SHARED_PACKAGE };

struct cache {
	uint8_t level;
	uint8_t type;   /* enum cache_type */
	uint8_t shared; /* enum cache_shared */
	uint8_t bits;   /* SHARED_BITS: processors that share it differ in these low bits */
	bool inclusive; /* of the lower levels */
	uint16_t ways;  /* 0: not said */
	uint16_t line;  /* bytes; 0: not said */
	uint32_t kib;   /* CACHE_TRACE: units of 1024 micro-operations */
};

enum tlb_type { TLB_DATA = 1, TLB_CODE, TLB_UNIFIED, TLB_LOAD, TLB_STORE };

struct tlb {
	uint8_t level;
	uint8_t type;  /* enum tlb_type */
	uint8_t pages; /* PAGES_..., ored */
	uint16_t ways; /* 0: not said */
	uint32_t entries;
};

/* Where the caches are from; CACHE_UNKNOWN: the set does not say, so there may be any. */
enum cache_source { CACHE_UNKNOWN, CACHE_LEAVES, CACHE_DESCRIPTORS, CACHE_AMD, CACHE_NONE };

/*
 * Lists the caches of a processor, by level; *source is where they are from. Returns how many there
 * are. CACHE_NONE: no leaf describes any.
 */
size_t cache_list(const struct cpuid_set *set, struct cache list[static CACHES_MAX],
                  enum cache_source *source);

/* The same for TLBs: leaf 18H (CACHE_LEAVES), 2, or 80000005H, 80000006H and 80000019H. */
size_t tlb_list(const struct cpuid_set *set, struct tlb list[static TLBS_MAX],
                enum cache_source *source);

/*
 * Returns the ways that a code of leaves 80000006H and 80000019H means, of a range the least (AMD
 * APM volume 3, table E-4); WAYS_ALL; or 0 if it refers to another leaf.
 */
uint16_t cache_ways(uint32_t code);

/*
 * Moves *next, which is 0 at first, to the next descriptor in leaf 2, and returns it; 0 at the end.
 */
unsigned cache_descriptor(const struct cpuid_set *set, unsigned *next);

#endif
