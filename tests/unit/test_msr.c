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

/* IA32_BIOS_SIGN_ID has the revision in its upper half, AMD's PATCH_LEVEL in its lower one. */
static void the_microcode_is_where_the_vendor_has_it(void **state)
{
	static const struct {
		const char *vendor;
		bool has;
		uint64_t microcode;
	} cases[] = {
		{ "GenuineIntel", true, 0x12345678 },   { "AuthenticAMD", true, 0x9abcdef0 },
		{ "HygonGenuine", true, 0x9abcdef0 },   { "CentaurHauls", false, 0x9abcdef0 },
		{ "unknown to us", false, 0x9abcdef0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		a_processor(cases[i].vendor, 0x000306a9);
		assert_int_equal(msr_has_microcode(&set), cases[i].has);
		assert_int_equal(msr_microcode(&set, UINT64_C(0x123456789abcdef0)),
		                 cases[i].microcode);
	}
}

static void registers_that_list_features_are_leaves(void **state)
{
	const struct control control = {
		.msrs = 6,
		.msr = {
			{ 0x3a, { true, 5 } },      /* lists none */
			{ 0xcf, { false, 0 } },     /* the processor does not have it */
			{ 0x10a, { true, UINT64_C(0x4000000000000021) } },
			{ 0x48b, { true, UINT64_C(0x0000000200000000) } },
			{ 0x48d, { true, UINT64_C(0x0000003f00000016) } },
			{ 0x48e, { true, UINT64_C(0xfff9fffe04006172) } },
		},
	};

	(void)state;
	set.count = 0;
	assert_true(msr_add_features(&set, &control));
	assert_int_equal(set.count, 5);
	assert_null(cpuid_find(&set, CPUID_MSR | 0x3a, 0));
	assert_non_null(cpuid_find(&set, CPUID_MSR | 0xcf, 0));
	assert_int_equal(feature_value(&set, F_SPLIT_LOCK_DETECT), 0);
	assert_int_equal(feature_value(&set, F_RDCL_NO), 1);
	assert_int_equal(feature_value(&set, F_MDS_NO), 1);
	assert_int_equal(feature_value(&set, F_SSB_NO), 0);
	assert_int_equal(feature_value(&set, F_ITS_NO), 1);
	assert_int_equal(feature_value(&set, F_VMX_EPT), 1);
	assert_int_equal(feature_value(&set, F_VMX_VPID), 0);
	assert_int_equal(feature_value(&set, F_VMX_VNMI), 1);
	/* Bits 15 and 16 may be 1; bit 15 need not. */
	assert_int_equal(feature_value(&set, F_VMX_CR3_LOAD_NOEXIT), 1);
	assert_int_equal(feature_value(&set, F_VMX_CR3_STORE_NOEXIT), 1);
	assert_int_equal(feature_value(&set, F_VMX_TRUE_PROCBASED_MUST), 0x04006172);

	struct control first = { .msrs = 1,
		                 .msr = { { 0x48e, { true, UINT64_C(0xfff9fffe0401e172) } } } };
	/* SDM vol. 3D, A.4 and A.5: bit 2 of both is among the default1 controls. */
	const struct control exits = {
		.msrs = 2,
		.msr = { { 0x48f, { true, UINT64_C(0x01ffffff00036dff) } },
		         { 0x490, { true, UINT64_C(0x0000ffff000011ff) } } },
	};
	set.count = 0;
	assert_true(msr_add_features(&set, &exits));
	assert_int_equal(cpuid_value(&set, CPUID_MSR | 0x48f, 0, EDX), 0x01fc9200);
	assert_int_equal(cpuid_value(&set, CPUID_MSR | 0x490, 0, EDX), 0x0000ee00);

	for (uint32_t leaf = 0; cpuid_insert(&set, leaf, 0);)
		leaf++;
	set.at[set.count - 2].leaf = CPUID_MSR; /* another register in place of these */
	set.at[set.count - 1].leaf = CPUID_MSR | 1;
	assert_false(msr_add_features(&set, &exits));

	set.count = 0;
	assert_true(msr_add_features(&set, &first));
	assert_int_equal(feature_value(&set, F_VMX_CR3_LOAD_NOEXIT), 0);
	assert_int_equal(feature_value(&set, F_VMX_CR3_STORE_NOEXIT), 0);
	assert_int_equal(feature_value(&set, F_VMX_SECONDARY_CTLS), 1);
}

/* Every register of feature.def is read, if the processor can have it. */
static void registers_with_rows_are_read(void **state)
{
	(void)state;
	a_processor("GenuineIntel", 0x000806f8);
	put(&set, 1, 0, ECX, 1U << 5 | 1U << 15);
	put(&set, 7, 0, EDX, 3U << 29);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const uint32_t leaf = feature_leaf(&features[id]);

		if (leaf >= CPUID_MSR && !lists(leaf - CPUID_MSR))
			fail_msg("%s is not read", feature_name((enum feature_id)id));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_fit_the_processor),
		cmocka_unit_test(findings_from_registers),
		cmocka_unit_test(a_limit_is_found_in_its_register),
		cmocka_unit_test(registers_have_names),
		cmocka_unit_test(the_microcode_is_where_the_vendor_has_it),
		cmocka_unit_test(registers_that_list_features_are_leaves),
		cmocka_unit_test(registers_with_rows_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
