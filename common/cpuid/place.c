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

bool place_same_register(const struct place *a, const struct place *b)
{
	return a->leaf == b->leaf && a->subleaf == b->subleaf && a->reg == b->reg;
}

void place_register_write(struct text *t, const struct place *at)
{
	text_hex(t, at->leaf, 1);
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
	place_register_write(t, at);
	text_put(t, "[");
	text_decimal(t, at->high);
	if (at->low != at->high) {
		text_put(t, ":");
		text_decimal(t, at->low);
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

/* Takes "[BIT]" or "[HIGH:LOW]". */
static bool take_bits(const char **at, struct place *place)
{
	uint32_t high, low;

	if (!take(at, '[') || !take_number(at, 10, 2, &high))
		return false;
	low = high;
	if (take(at, ':') && !take_number(at, 10, 2, &low))
		return false;
	place->low = low;
	place->high = high;
	return take(at, ']') && low <= high && high <= 31;
}

bool place_read(struct place *at, const char *string)
{
	const bool angle = take(&string, '<');

	take_word(&string, "cpuid.");
	at->subleaf = 0;
	if (!take_number(&string, 16, 8, &at->leaf) || !take(&string, '.'))
		return false;
	if (!take_register(&string, &at->reg) &&
	    (!take_number(&string, 16, 8, &at->subleaf) || !take(&string, '.') ||
	     !take_register(&string, &at->reg)))
		return false;
	return take_bits(&string, at) && (!angle || take(&string, '>')) && !*string;
}
