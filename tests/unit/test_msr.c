/* SPDX-License-Identifier: MIT */
#include "table/msr.h"
#include "unit.h"

static struct cpuid_set set;

static bool lists(uint32_t number)
{
	uint32_t list[CONTROL_MSRS_MAX];
	const size_t count = msr_list(&set, list, CONTROL_MSRS_MAX);
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		assert_true(i == 0 || list[i - 1] < list[i]);
		found = found || list[i] == number;
	}
	return found;
}

/* A processor of a vendor with family and model in leaf 1 EAX, and with RDMSR. */
static void a_processor(const char *vendor, uint32_t signature)
{
	uint32_t word[3];

	memcpy(word, vendor, 12);
	set.count = 0;
	put(&set, 0, 0, EBX, word[0]);
	put(&set, 0, 0, EDX, word[1]);
	put(&set, 0, 0, ECX, word[2]);
	put(&set, 1, 0, EAX, signature);
	put(&set, 1, 0, EDX, 1U << 5);
}

static void registers_fit_the_processor(void **state)
{
	(void)state;
	a_processor("GenuineIntel", 0x000306a9); /* family 6, model 3AH */
	assert_true(lists(0x1b) && lists(0x3a) && lists(0x13c) && lists(0x1a0) && lists(0x132));
	assert_false(lists(0x10a) || lists(0xc0010015) || lists(0x1107) || lists(0x4e));
	put(&set, 7, 0, EDX, 1U << 29);
	assert_true(lists(0x10a) && lists(0x122));

	a_processor("GenuineIntel", 0x00000f29); /* NetBurst is not family 6 */
	assert_true(lists(0x1b));
	assert_true(lists(0x1a0));

	a_processor("AuthenticAMD", 0x00a20f10);
	assert_true(lists(0x1b) && lists(0xc0010015) && lists(0xc0011004));
	assert_false(lists(0x3a) || lists(0x1a0) || lists(0xc0010114) || lists(0xc001100d));
	put(&set, 0x80000001, 0, ECX, 4);
	assert_true(lists(0xc0010114));

	a_processor("HygonGenuine", 0x00900f01);
	assert_true(lists(0xc0010015));
	a_processor("  Shanghai  ", 0x00000719);
	assert_true(lists(0x1107));
	a_processor("unknown to us", 0x000306a9);
	assert_true(lists(0x1b));
	assert_false(lists(0x3a));

	a_processor("GenuineIntel", 0x000306a9);
	put(&set, 1, 0, EDX, 0); /* without RDMSR there are no registers */
	assert_false(lists(0x1b));
}

static const struct finding_case {
	uint32_t number;
	uint64_t value;
	uint32_t leaf;
	enum cpuid_reg reg;
	uint32_t bits;
	enum feature_id id; /* F_NONE: there is no finding */
	bool locked;
} finding_cases[] = {
	/* A server whose setup said "AES-NI enabled" while its BIOS set both bits. */
	{ 0x13c, 3, 1, ECX, 0, F_AESNI, true },
	{ 0x13c, 2, 1, ECX, 0, F_AESNI, false },
	{ 0x13c, 1, 1, ECX, 0, F_NONE, false },
	{ 0x13c, 3, 1, ECX, 1U << 25, F_NONE, false },
	/* VMX stays in CPUID. */
	{ 0x3a, 1, 1, ECX, 1U << 5, F_VMX, true },
	{ 0x3a, 5, 1, ECX, 1U << 5, F_NONE, false },
	{ 0x3a, 0, 1, ECX, 1U << 5, F_NONE, false },
	{ 0x3a, 1, 1, ECX, 0, F_NONE, false },
	{ 0x1a0, UINT64_C(0x400050001), 0x80000001, EDX, 0, F_NX, false },
	{ 0x1a0, UINT64_C(0x400050001), 0x80000001, EDX, 1U << 20, F_NONE, false },
	{ 0xc0010114, 0x18, 0x80000001, ECX, 4, F_SVM, true },
	{ 0xc0010114, 0x10, 0x80000001, ECX, 4, F_SVM, false },
	{ 0xc0010114, 0x08, 0x80000001, ECX, 4, F_NONE, false },
};

static void findings_from_registers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(finding_cases); i++) {
		const struct finding_case *c = &finding_cases[i];
		struct control control = { .msrs = 1,
			                   .msr = { { c->number, { true, c->value } } } };
		struct msr_finding f = { .next = 0 };
		bool found = false;

		a_processor("GenuineIntel", 0x000306a9);
		put(&set, 0, 0, EAX, 13);
		put(&set, c->leaf, 0, c->reg, c->bits);
		while (msr_next(&f, &control, &set)) {
			/* MONITOR and other bits that this set lacks give findings too. */
			if (f.id != c->id)
				continue;
			assert_int_equal(f.number, c->number);
			assert_int_equal(f.locked, c->locked);
			found = true;
		}
		if (found != (c->id != F_NONE))
			fail_msg("case %zu", i);
		control.msr[0].value.known = false;
		f = (struct msr_finding){ .next = 0 };
		assert_false(msr_next(&f, &control, &set));
	}
}

static void a_limit_is_found_in_its_register(void **state)
{
	const struct control control = { .msrs = 1, .msr = { { 0x1a0, { true, 0x450001 } } } };
	struct msr_finding f = { .next = 0 };

	(void)state;
	a_processor("GenuineIntel", 0x000306a9);
	put(&set, 0, 0, EAX, 2);
	put(&set, 1, 0, ECX, 0x88);
	assert_true(msr_next(&f, &control, &set));
	assert_int_equal(f.id, F_NUMLEVELS);
	assert_false(msr_next(&f, &control, &set));
}

static void registers_have_names(void **state)
{
	(void)state;
	assert_string_equal(msr_name(0x1b), "APIC_BASE");
	assert_string_equal(msr_name(0x13c), "FEATURE_CONFIG");
	assert_string_equal(msr_name(0xc001100d), "CPUID_LAHF");
	assert_string_equal(msr_name(0x10), "");
	assert_int_equal(msr_processor_bits(0x1b), 0x100);
	assert_int_equal(msr_processor_bits(0x3a), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_fit_the_processor),
		cmocka_unit_test(findings_from_registers),
		cmocka_unit_test(a_limit_is_found_in_its_register),
		cmocka_unit_test(registers_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
