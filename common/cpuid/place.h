/* SPDX-License-Identifier: MIT */
/*
 * place.h - where in CPUID something is: a bit, a field, or a whole register.
 *
 * The one type for a place; tables, masks and comparisons all use it.  People write a place as
 * "1.ECX[25]", "7.1.EAX[4]" or "1.EBX[31:24]": leaf and subleaf in hexadecimal, bits in decimal,
 * the subleaf only where the leaf has several.
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

/* Returns the place of a whole register, and of one bit in it. */
struct place place_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg);
struct place place_bit(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit);

/* Returns the bits from low to high, set. */
uint32_t place_mask(unsigned low, unsigned high);

/* Returns the value at a place, shifted down; 0 if the set has no such leaf. */
uint32_t place_value(const struct cpuid_set *set, const struct place *at);

/* True if both are in the same register of the same leaf and subleaf. */
bool place_same_register(const struct place *a, const struct place *b);

/* Appends the register alone, "7.0.EBX", and the place, "7.0.EBX[5]". */
void place_register_write(struct text *t, const struct place *at);
void place_write(struct text *t, const struct place *at);

/*
 * Reads a place that ends where string ends: as place_write writes it, in any case, with a subleaf
 * or without, and with VMware's "cpuid." or "<" and ">" around it.  Returns false if it is none.
 */
bool place_read(struct place *at, const char *string);

#endif
