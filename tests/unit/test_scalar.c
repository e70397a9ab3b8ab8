/* SPDX-License-Identifier: MIT */
#include "scalar.h"

#include <sodium.h>

#include "unit.h"

/* Ed25519's order, and what lies beside it and at the ends. */
#define ORDER_BUT_FIRST                                                                           \
	0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, \
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10
#define ALL_ONES                                                                                  \
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, \
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,     \
		0xff, 0xff, 0xff

static const uint8_t edges[][32] = {
	{ 0 },
	{ 1 },
	{ 0xec, ORDER_BUT_FIRST },
	{ 0xed, ORDER_BUT_FIRST },
	{ 0xee, ORDER_BUT_FIRST },
	{ 0xff, ALL_ONES },
};

static void random_bytes(uint8_t *at, size_t size, uint32_t *seed)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(random_next(seed) >> 8);
}

/* libsodium's sum of two numbers has no more than 256 bits, so that C is reduced for it. */
static void expect_muladd(const uint8_t *a, const uint8_t *b, const uint8_t *c)
{
	uint8_t product[32], expected[32], sum[32], long_c[64] = { 0 };

	memcpy(long_c, c, 32);
	crypto_core_ed25519_scalar_reduce(expected, long_c);
	crypto_core_ed25519_scalar_mul(product, a, b);
	crypto_core_ed25519_scalar_add(expected, product, expected);
	scalar_muladd(sum, a, b, c);
	assert_memory_equal(sum, expected, 32);
}

static void expect_reduced(const uint8_t *number)
{
	static const uint8_t zero[32];
	uint8_t expected[32], reduced[64];

	crypto_core_ed25519_scalar_reduce(expected, number);
	memcpy(reduced, number, 64);
	scalar_reduce(reduced);
	assert_memory_equal(reduced, expected, 32);
	assert_memory_equal(reduced + 32, zero, 32);
}

static void as_libsodium_at_the_edges(void **state)
{
	uint8_t number[64];

	(void)state;
	for (size_t i = 0; i < COUNT(edges); i++)
		for (size_t j = 0; j < COUNT(edges); j++) {
			memcpy(number, edges[i], 32);
			memcpy(number + 32, edges[j], 32);
			expect_reduced(number);
			for (size_t k = 0; k < COUNT(edges); k++)
				expect_muladd(edges[i], edges[j], edges[k]);
		}
}

static void as_libsodium_between_them(void **state)
{
	uint32_t seed = 8032;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		uint8_t number[96];
		random_bytes(number, sizeof(number), &seed);
		expect_reduced(number);
		expect_muladd(number, number + 32, number + 64);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_libsodium_at_the_edges),
		cmocka_unit_test(as_libsodium_between_them),
	};

	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
