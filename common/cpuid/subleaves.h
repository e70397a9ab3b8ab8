/* SPDX-License-Identifier: MIT */
/*
 * subleaves.h - which leaves have subleaves, and where these end.
 *
 * Collecting reads what this table says; cpuid_knows finds by it what a dump does not contain.
 */
#ifndef SUBLEAVES_H
#define SUBLEAVES_H

#include "cpuid/cpuid.h"

/* Where the subleaves of a leaf end. */
enum stop {
	STOP_NONE,  /* no subleaves */
	STOP_COUNT, /* EAX of subleaf 0 is the last subleaf */
	STOP_FIELD, /* at a subleaf in which a field is 0; subleaves before first always exist */
	STOP_BITS,  /* bit n of a register of subleaf 0: subleaf n exists */
	STOP_XSAVE, /* bitmaps in EAX, EDX of subleaf 0 and ECX, EDX of subleaf 1 */
	STOP_PROBE, /* unknown leaf: read 1 to 3, keep what is neither zero nor a repetition */
};

struct subleaves {
	uint32_t leaf;
	enum stop stop;
	enum cpuid_reg reg; /* STOP_FIELD, STOP_BITS */
	uint32_t mask;      /* STOP_FIELD: of the field */
	uint32_t first;     /* STOP_FIELD */
};

/* Returns where the subleaves of a leaf end; the result's own leaf is unspecified. */
struct subleaves subleaves_of(uint32_t leaf);

/* The leaf of extended states. */
#define SUBLEAVES_XSAVE 0xdU

/* True if a subleaf has the size and offset of one extended state. */
bool subleaves_layout(const struct cpuid_leaf *l);

/* Returns the bitmap of extended states, XCR0 and IA32_XSS, of subleaves 0 and 1 of leaf 0DH. */
uint64_t subleaves_states(const struct cpuid_leaf *zero, const struct cpuid_leaf *one);

#endif
