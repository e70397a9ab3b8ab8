/* SPDX-License-Identifier: MIT */
#include "pack/pack.h"
#include "unit.h"
#include "unpack.h"

#define MOST 70000

static uint8_t data[MOST], packed[2 * MOST], unpacked[MOST];

/* Packs what is in DATA, wants the same back, and returns how many bytes it was packed into. */
static size_t round_trip(size_t size)
{
	const size_t packed_size = pack(packed, sizeof(packed), data, size);

	assert_true(packed_size > 0);
	memset(unpacked, 0xa5, sizeof(unpacked));
	assert_true(unpack(unpacked, size, packed, packed_size));
	assert_memory_equal(unpacked, data, size);
	if (size < MOST)
		assert_int_equal(unpacked[size], 0xa5);
	return packed_size;
}

static void small_ones(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte += 85)
		for (size_t size = 0; size < 70; size++) {
			memset(data, byte, size);
			round_trip(size);
		}
	for (size_t size = 0; size < 70; size++) {
		data[size] = (uint8_t)(size * size);
		round_trip(size);
	}
}

static void long_runs(void **state)
{
	(void)state;
	memset(data, 0, sizeof(data));
	assert_true(round_trip(20000) < 50);
	/* The longest distance that is needed here: the first bytes once more, at the end. */
	uint32_t seed = 1;
	for (size_t i = 0; i < MOST; i++)
		data[i] = (uint8_t)random_next(&seed);
	const size_t alone = round_trip(MOST);
	memcpy(data + MOST - 5000, data, 5000);
	assert_true(round_trip(MOST) < alone - 4500);
}

/* Bytes of a few values, and copies of what came before, as in tables. */
static void mixed(void **state)
{
	uint32_t seed = 20261127;

	(void)state;
	for (uint32_t values = 1; values <= 60; values++) {
		const size_t size = random_next(&seed) % 3000;
		for (size_t i = 0; i < size;) {
			const size_t back = 1 + random_next(&seed) % (i + 1);
			const bool copies = back <= i && random_next(&seed) % 3 > 0;
			for (size_t left = random_next(&seed) % 30; left > 0 && i < size;
			     left--, i++)
				data[i] = (uint8_t)(copies ? data[i - back]
				                           : random_next(&seed) % values);
		}
		round_trip(size);
	}
}

static void too_little_room(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		data[i] = (uint8_t)random_next(&seed);
	const size_t needed = round_trip(1000);
	memset(packed, 0xa5, sizeof(packed));
	assert_int_equal(pack(packed, needed, data, 1000), needed);
	assert_int_equal(packed[needed], 0xa5);
	assert_int_equal(pack(packed, needed - 1, data, 1000), 0);
	assert_int_equal(pack(packed, 0, data, 1000), 0);
}

/* A copy where there is nothing yet: its first bit says so, whatever follows. */
static void copies_from_before(void **state)
{
	static const uint8_t ones[8] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	(void)state;
	assert_false(unpack(unpacked, 100, ones, sizeof(ones)));
	assert_false(unpack(unpacked, 1, ones, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_ones),
		cmocka_unit_test(long_runs),
		cmocka_unit_test(mixed),
		cmocka_unit_test(too_little_room),
		cmocka_unit_test(copies_from_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
