/* SPDX-License-Identifier: MIT */
/*
 * feature.h - the names of CPUID bits and fields, and how each merges across machines.
 *
 * feature.def is the table: where each bit or field is, what it is, and how it merges.  Its first
 * lines explain the columns and name the other tables.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include "cpuid/place.h"

enum feature_kind {
	KIND_FEATURE,   /* a feature that a machine has or lacks */
	KIND_FIELD,     /* a number, a size, a bitmap, or a bit that describes one */
	KIND_OS,        /* depends on a control register, or on the mode in which CPUID runs */
	KIND_PROCESSOR, /* belongs to one logical processor */
};

/* How the values of several machines make the baseline. */
enum feature_rule {
	RULE_ALL,   /* set if all machines have it: instructions */
	RULE_ANY,   /* set if any machine has it: a needed mitigation, a missing capability */
	RULE_MIN,   /* the smallest value: last leaf, address bits */
	RULE_SAME,  /* must be equal, or the merge reports it: vendor, layout */
	RULE_FIXED, /* constant if its needs are present: XCR0 bit 0 */
	RULE_NEVER, /* not a property of the machine: APIC IDs, mirrors of CR4 */
};

/* A subleaf in the table: every subleaf from n that has no row of its own. */
#define FROM(n) (0x100 + (n))

enum feature_id {
	F_NONE,
#define FEATURE(leaf, sub, reg, low, high, name, ...) F_##name,
#include "table/feature.def"
#undef FEATURE
	F_COUNT,
};

/*
 * Codes for the leaf and subleaf of a row.  The leaf's code has its first and last hexadecimal
 * digits, and a bit for 8086xxxxH.  A row that does not fit does not compile (feature_check.c).
 */
#define FEATURE_LEAF(leaf) \
	(((uint32_t)(leaf) >> 16 & 0xf000) | ((uint32_t)(leaf) >> 12 & 0x800) | ((leaf)&0x7ff))
#define FEATURE_LEAF_OF(code) \
	(((code)&0xf000U) << 16 | ((code) >> 11 & 1U) * 0x860000U | ((code)&0x7ffU))
#define FEATURE_SUBLEAF(sub)     (((sub) >> 1 & 0x80) | ((sub)&0x7f))
#define FEATURE_SUBLEAF_OF(code) (((code)&0x80U) << 1 | ((code)&0x7fU))

/* A row, packed into six bytes; feature_place unpacks it. */
struct feature {
	uint16_t leaf_code;
	uint8_t subleaf_code;
	uint8_t reg : 2, kind : 3, rule : 3; /* enum feature_kind, enum feature_rule */
	uint8_t low, high;
};

/* The rows by enum feature_id; that of F_NONE is all zero. */
extern const struct feature features[F_COUNT];

/* Return the leaf and the subleaf column of a row; the latter can be FROM(n). */
static inline uint32_t feature_leaf(const struct feature *f)
{
	return FEATURE_LEAF_OF(f->leaf_code);
}

static inline uint32_t feature_subleaf(const struct feature *f)
{
	return FEATURE_SUBLEAF_OF(f->subleaf_code);
}

/* Returns the name of a row in the manual, "AESNI"; "" for F_NONE. */
const char *feature_name(enum feature_id id);

/* Returns the features that a row needs, at most FEATURE_NEEDS_MAX, with F_NONE after the last. */
#define FEATURE_NEEDS_MAX 3
const uint16_t *feature_needs(enum feature_id id);

/* True if the feature needed is one of feature_needs. */
bool feature_needs_it(enum feature_id id, enum feature_id needed);

/*
 * Returns the first row of the four registers of a subleaf, ascending by register; *count is the
 * number of rows.  Returns F_NONE with *count 0 if there are none.
 */
enum feature_id feature_subleaf_rows(uint32_t leaf, uint32_t subleaf, size_t *count);

/*
 * Moves *id past the rows of a register, which must be its first ones; *count is the number of the
 * rows from *id on.  Returns the first of them, and sets *rows to how many they are.
 */
size_t feature_next_register(size_t *id, size_t *count, enum cpuid_reg reg, size_t *rows);

/*
 * Returns the first row of a register in a subleaf; *count is the number of its rows, which follow
 * one another.  Returns F_NONE with *count 0 if there are none.
 */
enum feature_id feature_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg,
                                 size_t *count);

/* Returns the row of a bit, or F_NONE. */
enum feature_id feature_at(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit);

/* Returns the place of a row; for rows FROM(n), in subleaf n. */
struct place feature_place(enum feature_id id);

/* Returns the row of the lowest bit of a place, or F_NONE. */
enum feature_id feature_of(const struct place *at);

/* Returns the mask of a row: bits low to high are set. */
uint32_t feature_mask(enum feature_id id);

/* Returns the value of a row in a set, shifted down; for rows FROM(n), in subleaf n. */
uint32_t feature_value(const struct cpuid_set *set, enum feature_id id);

/* Returns the bits of a register that differ between processors of one kind, such as APIC IDs. */
uint32_t feature_processor_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);

#endif
