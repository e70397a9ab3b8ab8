/* SPDX-License-Identifier: MIT */
#include "scalar.h"

#include <stddef.h>
#include <stdint.h>

#include <sodium/utils.h>

#define WORDS 8

/* Less than the order.  The lowest word first. */
struct scalar {
	uint32_t word[WORDS];
};

/* 2^252 + 27742317777372353535851937790883648493 */
static const struct scalar order = { { 0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0,
	                               0x10000000 } };

static const struct scalar one = { { 1 } };

/* Adds X if MASK is all ones, nothing if it is 0; takes the order off a sum that reaches it. */
static void add(struct scalar *sum, const struct scalar *x, uint32_t mask)
{
	struct scalar less;
	uint64_t carry = 0, borrow = 0;

	for (size_t i = 0; i < WORDS; i++) {
		carry += (uint64_t)sum->word[i] + (x->word[i] & mask);
		sum->word[i] = (uint32_t)carry;
		carry >>= 32;
		borrow = (uint64_t)sum->word[i] - order.word[i] - borrow;
		less.word[i] = (uint32_t)borrow;
		borrow = borrow >> 63;
	}
	const uint32_t keep = (uint32_t)-borrow;
	for (size_t i = 0; i < WORDS; i++)
		sum->word[i] = (sum->word[i] & keep) | (less.word[i] & ~keep);
}

/* Returns X times the number in BYTES: doubled for each bit, and X added where it is 1. */
static struct scalar times(const struct scalar *x, const unsigned char *bytes, size_t size)
{
	struct scalar product = { { 0 } };

	for (size_t bit = 8 * size; bit-- > 0;) {
		add(&product, &product, UINT32_MAX);
		add(&product, x, -(uint32_t)(bytes[bit / 8] >> bit % 8 & 1));
	}
	return product;
}

static void put(unsigned char *bytes, const struct scalar *x)
{
	for (size_t i = 0; i < 4 * (size_t)WORDS; i++)
		bytes[i] = (unsigned char)(x->word[i / 4] >> 8 * (i % 4));
}

void scalar_reduce(unsigned char s[64])
{
	struct scalar reduced = times(&one, s, 64);

	sodium_memzero(s, 64);
	put(s, &reduced);
	sodium_memzero(&reduced, sizeof(reduced));
}

void scalar_muladd(unsigned char s[32], const unsigned char a[32], const unsigned char b[32],
                   const unsigned char c[32])
{
	struct scalar x = times(&one, a, 32), sum = times(&one, c, 32);

	x = times(&x, b, 32);
	add(&sum, &x, UINT32_MAX);
	put(s, &sum);
	sodium_memzero(&x, sizeof(x));
	sodium_memzero(&sum, sizeof(sum));
}
