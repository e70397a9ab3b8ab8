/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "cpuid/place.h"
#include "table/feature.h"
#include "unit.h"

static const char *spelt(const struct place *at)
{
	static char buffer[64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	place_write(&t, at);
	return text_string(&t);
}

static void places_are_written(void **state)
{
	static const struct {
		struct place at;
		const char *wanted;
	} table[] = {
		{ { 1, 0, ECX, 25, 25 }, "1.ECX[25]" },
		{ { 1, 0, EBX, 24, 31 }, "1.EBX[31:24]" },
		{ { 7, 0, EBX, 0, 0 }, "7.0.EBX[0]" },
		{ { 7, 1, EAX, 4, 4 }, "7.1.EAX[4]" },
		{ { 0xd, 2, EAX, 0, 31 }, "d.2.EAX[31:0]" },
		{ { 0x80000001, 0, EDX, 11, 11 }, "80000001.EDX[11]" },
		{ { 0x80000001, 3, EDX, 11, 11 }, "80000001.3.EDX[11]" },
		{ { CPUID_MSR | 0x10a, 0, EAX, 0, 0 }, "MSR.10a[0]" },
		{ { CPUID_MSR | 0x10a, 0, EDX, 30, 30 }, "MSR.10a[62]" },
		{ { CPUID_MSR | 0x485, 0, EDX, 0, 31 }, "MSR.485[63:32]" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_string_equal(spelt(&table[i].at), table[i].wanted);
}

static void places_are_read(void **state)
{
	static const struct {
		const char *text;
		struct place at;
	} table[] = {
		{ "1.ECX[25]", { 1, 0, ECX, 25, 25 } },
		{ "<7.0.EDX[6]>", { 7, 0, EDX, 6, 6 } },
		{ "cpuid.7.edx[6]", { 7, 0, EDX, 6, 6 } },
		{ "<CPUID.D.1.eax[3:0]>", { 0xd, 1, EAX, 0, 3 } },
		{ "8000001D.3.EBX[31:0]", { 0x8000001d, 3, EBX, 0, 31 } },
		{ "MSR.10a[62]", { CPUID_MSR | 0x10a, 0, EDX, 30, 30 } },
		{ "msr.10A.edx[30]", { CPUID_MSR | 0x10a, 0, EDX, 30, 30 } },
		{ "<msr.485[24:16]>", { CPUID_MSR | 0x485, 0, EAX, 16, 24 } },
	};
	static const char *const wrong[] = {
		"",
		"1",
		"1.",
		"1.ECX",
		"1.ECX[",
		"1.ECX[]",
		"1.ECX[25",
		"1.ECX[32]",
		"1.ECX[0:1]",
		"1.ECX[25]>",
		"<1.ECX[25]",
		"1.EFX[2]",
		"x.ECX[2]",
		"1.2.3.ECX[2]",
		"1.ECX[2]x",
		"123456789.ECX[2]",
		"1.ECX[002]",
		"1.ECX[1:]",
		" 1.ECX[2]",
		".ECX[2]",
		"MSR.10a[64]",
		"MSR.10a[32:31]",
		"MSR.10a.ECX[1]",
		"MSR.10a.EDX[32]",
		"MSR.10000000[0]",
		"MSR.[0]",
	};
	struct place at;

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		assert_true(place_read(&at, table[i].text));
		assert_true(place_same_register(&at, &table[i].at));
		assert_int_equal(at.low, table[i].at.low);
		assert_int_equal(at.high, table[i].at.high);
	}
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (place_read(&at, wrong[i]))
			fail_msg("%s is read as %s", wrong[i], spelt(&at));
}

static void what_is_written_reads_back(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct place at = feature_place((enum feature_id)id);
		struct place back;

		/* Where such a row begins there may be an exact one. */
		if (feature_subleaf(&features[id]) >= FROM(0))
			continue;
		assert_true(place_read(&back, spelt(&at)));
		assert_true(place_same_register(&at, &back));
		assert_int_equal(feature_of(&back), id);
		assert_int_equal(place_mask(back.low, back.high),
		                 feature_mask((enum feature_id)id));
	}
}

/* The leaves that are walked are those of which the table has several subleaves. */
static void leaves_have_subleaves(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct feature *f = &features[id];

		if (feature_subleaf(f) != 0 && !cpuid_has_subleaves(feature_leaf(f)))
			fail_msg("leaf %x", feature_leaf(f));
	}
	assert_false(cpuid_has_subleaves(1));
	assert_false(cpuid_has_subleaves(0x80000008));
}

static void values_are_taken_from_a_set(void **state)
{
	const struct place family = { 1, 0, EAX, 8, 11 }, absent = { 0x123, 0, EAX, 0, 31 };
	const struct place word = place_register(1, 0, EAX), bit = place_bit(1, 0, EAX, 31);
	struct cpuid_set set = { .count = 0 };

	(void)state;
	put(&set, 1, 0, EAX, 0x80000653);
	assert_int_equal(place_value(&set, &family), 6);
	assert_int_equal(place_value(&set, &word), 0x80000653);
	assert_int_equal(place_value(&set, &bit), 1);
	assert_int_equal(place_value(&set, &absent), 0);
	assert_int_equal(place_mask(0, 31), 0xffffffff);
	assert_int_equal(place_mask(31, 31), 0x80000000);
}

static void characters(void **state)
{
	(void)state;
	for (int c = -128; c < 128; c++) {
		assert_int_equal(ascii_printable((char)c), c >= 32 && c <= 126);
		assert_int_equal(ascii_digit((char)c), c >= '0' && c <= '9');
	}
	assert_int_equal(ascii_hex('f'), 15);
	assert_int_equal(ascii_hex('A'), 10);
	assert_int_equal(ascii_hex('g'), -1);
	assert_int_equal(ascii_hex('\0'), -1);
	assert_int_equal(ascii_lower('Z'), 'z');
	assert_int_equal(ascii_lower('['), '[');
	assert_int_equal(ascii_size("abc"), 3);
	assert_true(ascii_compare("ab", "abc") < 0 && ascii_compare("\xff", "a") > 0);
	assert_true(ascii_same("AbC", "aBc") && !ascii_same("ab", "abc"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_are_written),
		cmocka_unit_test(places_are_read),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(leaves_have_subleaves),
		cmocka_unit_test(values_are_taken_from_a_set),
		cmocka_unit_test(characters),
	};

	return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
