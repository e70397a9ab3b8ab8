/* SPDX-License-Identifier: MIT */
/*
 * place.h - where something is in CPUID: a bit, a field, or a whole register.
 *
 * As text: "1.ECX[25]", "7.1.EAX[4]" or "1.EBX[31:24]".  Leaf and subleaf are hexadecimal, bits
 * decimal; the subleaf is written only if the leaf has several.  Model-specific registers have 64
 * bits: "MSR.10a[62]".
 */
#ifndef PLACE_H
#define PLACE_H

#include "base/text.h"
#include "cpuid/cpuid.h"

struct place {
	uint32_t leaf, subleaf;
	enum cpuid_reg reg;
	unsigned low, high; /* first and last bit, 0 to 31; 0 and 31: the whole register */
};

/* Returns the place of a whole register. */
struct place place_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);

/* Returns the place of one bit. */
struct place place_bit(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit);

/* Returns a mask in which the bits from low to high are set. */
uint32_t place_mask(unsigned low, unsigned high);

/* Returns the value at a place, shifted to bit 0; 0 if the set has no such leaf. */
uint32_t place_value(const struct cpuid_set *set, const struct place *at);

/* Returns true if a set says all bits of a place (cpuid_unknown). */
bool place_known(const struct cpuid_set *set, const struct place *at);

/* Returns true if both are in the same register of the same leaf and subleaf. */
bool place_same_register(const struct place *a, const struct place *b);

/* Appends the register of a place, "7.0.EBX" or "MSR.10a.EDX". */
void place_register_write(struct text *t, const struct place *at);

/* Appends the place, "7.0.EBX[5]". */
void place_write(struct text *t, const struct place *at);

/*
 * Reads a place as place_write writes it, or a bit of "MSR.10a.EDX".  Letters may have either case,
 * the subleaf may be there or not, VMware's "cpuid." may precede it, and "<" and ">" may enclose
 * it.  Returns false if all of string is not a place.
 */
bool place_read(struct place *at, const char *string);

#endif
