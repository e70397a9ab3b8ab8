/* SPDX-License-Identifier: MIT */
#include "cpuid/place.h"

#include "base/ascii.h"

struct place place_register(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	return (struct place){ leaf, subleaf, reg, .low = 0, .high = 31 };
}

struct place place_bit(uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg, unsigned bit)
{
	return (struct place){ leaf, subleaf, reg, .low = bit, .high = bit };
}

uint32_t place_mask(unsigned low, unsigned high)
{
	return (uint32_t)(((UINT64_C(1) << (high - low + 1)) - 1) << low);
}

uint32_t place_value(const struct cpuid_set *set, const struct place *at)
{
	return (cpuid_value(set, at->leaf, at->subleaf, at->reg) & place_mask(at->low, at->high)) >>
	       at->low;
}

bool place_known(const struct cpuid_set *set, const struct place *at)
{
	return !(cpuid_unknown(set, at->leaf, at->subleaf, at->reg) &
	         place_mask(at->low, at->high));
}

bool place_same_register(const struct place *a, const struct place *b)
{
	return a->leaf == b->leaf && a->subleaf == b->subleaf && a->reg == b->reg;
}

static bool is_msr(const struct place *at)
{
	return (at->leaf & 0xf0000000) == CPUID_MSR;
}

static void write_leaf(struct text *t, const struct place *at)
{
	text_put(t, is_msr(at) ? "MSR." : "");
	text_hex(t, is_msr(at) ? at->leaf - CPUID_MSR : at->leaf, 1);
}

void place_register_write(struct text *t, const struct place *at)
{
	write_leaf(t, at);
	text_put(t, ".");
	if (at->subleaf || cpuid_has_subleaves(at->leaf)) {
		text_hex(t, at->subleaf, 1);
		text_put(t, ".");
	}
	for (const char *c = cpuid_register(at->reg); *c; c++)
		text_bytes(t, &(char){ (char)(*c - 'a' + 'A') }, 1);
}

void place_write(struct text *t, const struct place *at)
{
	const unsigned first = is_msr(at) && at->reg == EDX ? 32 : 0;

	if (is_msr(at))
		write_leaf(t, at);
	else
		place_register_write(t, at);
	text_put(t, "[");
	text_decimal(t, first + at->high);
	if (at->low != at->high) {
		text_put(t, ":");
		text_decimal(t, first + at->low);
	}
	text_put(t, "]");
}

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* Moves past word, in either case, if it comes next. */
static bool take_word(const char **at, const char *word)
{
	const char *next = *at;

	for (; *word; word++, next++)
		if (ascii_lower(*next) != *word)
			return false;
	*at = next;
	return true;
}

/* Takes a number of one to digits digits in base 10 or 16. */
static bool take_number(const char **at, unsigned base, unsigned digits, uint32_t *ret_number)
{
	uint32_t number = 0;
	unsigned count = 0;

	for (; count < digits; count++, ++*at) {
		const int digit = ascii_hex(**at);

		if (digit < 0 || digit >= (int)base)
			break;
		number = number * base + (uint32_t)digit;
	}
	*ret_number = number;
	return count > 0;
}

static bool take_register(const char **at, enum cpuid_reg *ret_reg)
{
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (take_word(at, cpuid_register((enum cpuid_reg)reg))) {
			*ret_reg = (enum cpuid_reg)reg;
			return true;
		}
	return false;
}

/* Takes "[BIT]" or "[HIGH:LOW]", with numbers below size. */
static bool take_bits(const char **at, struct place *place, unsigned size)
{
	uint32_t high, low;

	if (!take(at, '[') || !take_number(at, 10, 2, &high))
		return false;
	low = high;
	if (take(at, ':') && !take_number(at, 10, 2, &low))
		return false;
	place->low = low;
	place->high = high;
	return take(at, ']') && low <= high && high < size;
}

/* Takes "10a[62]" or "10a.EDX[30]".  Returns false if the bits are in both halves. */
static bool take_msr(const char **at, struct place *place)
{
	uint32_t number;

	if (!take_number(at, 16, 8, &number) || number >= 1U << 28)
		return false;
	place->leaf = CPUID_MSR | number;
	if (take(at, '.'))
		return take_register(at, &place->reg) && (place->reg == EAX || place->reg == EDX) &&
		       take_bits(at, place, 32);
	if (!take_bits(at, place, 64) || place->low / 32 != place->high / 32)
		return false;
	place->reg = place->low < 32 ? EAX : EDX;
	place->low %= 32;
	place->high %= 32;
	return true;
}

bool place_read(struct place *at, const char *string)
{
	const bool angle = take(&string, '<');

	take_word(&string, "cpuid.");
	at->subleaf = 0;
	if (take_word(&string, "msr."))
		return take_msr(&string, at) && (!angle || take(&string, '>')) && !*string;
	if (!take_number(&string, 16, 8, &at->leaf) || !take(&string, '.'))
		return false;
	if (!take_register(&string, &at->reg) &&
	    (!take_number(&string, 16, 8, &at->subleaf) || !take(&string, '.') ||
	     !take_register(&string, &at->reg)))
		return false;
	return take_bits(&string, at, 32) && (!angle || take(&string, '>')) && !*string;
}
