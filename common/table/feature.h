/* SPDX-License-Identifier: MIT */
/*
 * feature.h - the names of CPUID bits and fields, and how each merges across machines.
 *
 * feature.def says where each is, what it is and how it merges; its head explains the columns and
 * names the tables beside it.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include "cpuid/place.h"

enum feature_kind {
	KIND_FEATURE,   /* what a machine has or lacks */
	KIND_FIELD,     /* a number, a size, a map, or a bit that describes such */
	KIND_OS,        /* follows a control register, or the mode CPUID is executed in */
	KIND_PROCESSOR, /* names one logical processor */
};

/* What a group of machines may promise a guest that moves among them. */
enum feature_rule {
	RULE_ALL,   /* only if every machine has it: an instruction a guest may execute */
	RULE_ANY,   /* if one machine has it: a mitigation to perform, something that is missing */
	RULE_MIN,   /* the smallest: last leaf, address bits */
	RULE_SAME,  /* must be equal or the merge says so: vendor, layout */
	RULE_FIXED, /* constant wherever what it needs is present: XCR0 bit 0 */
	RULE_NEVER, /* not a property of the machine: APIC ids, mirrors of CR4 */
};

/* A subleaf in the table: a number, or any from n that has no row of its own. */
#define FROM(n) (0x100 + (n))

enum feature_id {
	F_NONE,
#define FEATURE(leaf, sub, reg, low, high, name, ...) F_##name,
#include "table/feature.def"
#undef FEATURE
	F_COUNT,
};

/*
 * A leaf and a subleaf as a row holds them: for the leaf its first and last hexadecimal digits and
 * a bit for 8086xxxxH.  A row whose leaf this cannot hold does not compile (feature_check.c).
 */
#define FEATURE_LEAF(leaf) \
	(((uint32_t)(leaf) >> 16 & 0xf000) | ((uint32_t)(leaf) >> 12 & 0x800) | ((leaf)&0x7ff))
#define FEATURE_LEAF_OF(code) \
	(((code)&0xf000U) << 16 | ((code) >> 11 & 1U) * 0x860000U | ((code)&0x7ffU))
#define FEATURE_SUBLEAF(sub)     (((sub) >> 1 & 0x80) | ((sub)&0x7f))
#define FEATURE_SUBLEAF_OF(code) (((code)&0x80U) << 1 | ((code)&0x7fU))

/* A row in six bytes; feature_place unpacks it. */
struct feature {
	uint16_t leaf_code;
	uint8_t subleaf_code;
	uint8_t reg : 2, kind : 3, rule : 3; /* enum feature_kind, enum feature_rule */
	uint8_t low, high;
};

/* The rows in the order of enum feature_id; those of F_NONE are all zero. */
extern const struct feature features[F_COUNT];

/* Return the leaf and the subleaf column of a row; the latter is FROM(n) for rows of many. */
static inline uint32_t feature_leaf(const struct feature *f)
{
	return FEATURE_LEAF_OF(f->leaf_code);
}

static inline uint32_t feature_subleaf(const struct feature *f)
{
	return FEATURE_SUBLEAF_OF(f->subleaf_code);
}

/* Returns the manual's name of a row, "AESNI"; "" for F_NONE. */
const char *feature_name(enum feature_id id);

/* The features that a row needs to be usable, at most FEATURE_NEEDS_MAX, F_NONE after the last. */
#define FEATURE_NEEDS_MAX 3
const uint16_t *feature_needs(enum feature_id id);

/* True if a row needs a feature directly. */
bool feature_needs_it(enum feature_id id, enum feature_id needed);

/*
 * Returns the first row of a register in a subleaf and how many follow, itself included, through
 * *count; F_NONE and 0 if the table has none.
 */
enum feature_id feature_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg,
                                 size_t *count);

/* Returns the row that covers one bit, or F_NONE. */
enum feature_id feature_at(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit);

/* Returns where a row is; rows FROM(n) in subleaf n. */
struct place feature_place(enum feature_id id);

/* Returns the row that covers the first bit of a place, or F_NONE. */
enum feature_id feature_of(const struct place *at);

/* The bits of a row, in place: bits low to high set. */
uint32_t feature_mask(enum feature_id id);

/* Returns the row's field in a set, shifted down; that of rows FROM(n) in subleaf n. */
uint32_t feature_value(const struct cpuid_set *set, enum feature_id id);

/* The bits of a register that differ from processor to processor of one kind: APIC ids and such. */
uint32_t feature_processor_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);

#endif
