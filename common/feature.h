/* SPDX-License-Identifier: MIT */
/*
 * feature.h - the names of CPUID bits and fields, and how each merges across machines.
 *
 * feature.def is the only table of CPUID knowledge; its head explains the columns.  The names that
 * other programs use for a bit are apart, in feature_text.h: firmware does without them.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include "cpuid.h"

enum feature_kind {
	KIND_FEATURE,
	KIND_SWITCHABLE,
	KIND_FIELD,
	KIND_OS,
	KIND_PROCESSOR,
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

enum vmware_support { VMWARE_NONE, VMWARE_YES, VMWARE_NO, VMWARE_ANY, VMWARE_NA };

#define HW_FUTURE 255

/* A subleaf in the table: a number, or any from n that has no row of its own. */
#define FROM(n) (0x100 + (n))

enum feature_id {
	F_NONE,
#define FEATURE(leaf, sub, reg, low, high, name, ...) F_##name,
#include "feature.def"
#undef FEATURE
	F_COUNT,
};

struct feature {
	uint32_t leaf;
	uint16_t subleaf;
	uint8_t reg, low, high;
	uint8_t kind, rule;  /* enum feature_kind, enum feature_rule */
	uint8_t support, hw; /* enum vmware_support, virtual hardware version */
	uint16_t need[2];    /* enum feature_id, F_NONE for none */
};

/* The rows in the order of enum feature_id; features[F_NONE] is all zero. */
extern const struct feature features[F_COUNT];

/* Returns the manual's name of a row, "AESNI"; "" for F_NONE. */
const char *feature_name(enum feature_id id);

/*
 * Returns the first row of a register in a subleaf and how many follow, itself included, through
 * *count; F_NONE and 0 if the table has none.
 */
enum feature_id feature_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg,
                                 size_t *count);

/* Returns the row that covers one bit, or F_NONE. */
enum feature_id feature_at(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit);

/* The bits of a row, in place: bits low to high set. */
uint32_t feature_mask(enum feature_id id);

/* Returns the row's field in a set, shifted down; rows FROM(n) are looked up in subleaf. */
uint32_t feature_value(const struct cpuid_set *set, enum feature_id id);

/* The bits of a register that differ from processor to processor of one kind: APIC ids and such. */
uint32_t feature_processor_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);

#endif
