/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "table/feature.h"
#include "table/feature_names.h"
#include "table/vmware.h"
#include "unit.h"

static uint64_t place_of(unsigned id)
{
	const struct feature *f = &features[id];

	return (uint64_t)feature_leaf(f) << 24 | (uint64_t)feature_subleaf(f) << 8 |
	       (uint64_t)f->reg << 5 | f->low;
}

static void rows_ascend(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 2; id < F_COUNT; id++)
		if (place_of(id - 1) >= place_of(id))
			fail_msg("%s is before %s", feature_name((enum feature_id)(id - 1)),
			         feature_name((enum feature_id)id));
}

static void every_row_is_found_at_each_of_its_bits(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct feature *f = &features[id];
		const uint32_t subleaf = feature_subleaf(f) < FROM(0) ? feature_subleaf(f) : 60;

		for (unsigned bit = f->low; bit <= f->high; bit++)
			if (feature_at(feature_leaf(f), subleaf, (enum cpuid_reg)f->reg, bit) !=
			    (enum feature_id)id)
				fail_msg("%s is not found at bit %u",
				         feature_name((enum feature_id)id), bit);
	}
}

static void rows_say_what_they_are(void **state)
{
	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct feature *f = &features[id];
		const char *name = feature_name((enum feature_id)id);

		assert_true(name[0] && feature_about((enum feature_id)id)[0]);
		/* A capability is VMware's word for a bit that it knows. */
		if (feature_named((enum feature_id)id, NAMED_CAPABILITY)[0])
			assert_int_not_equal(vmware_shows((enum feature_id)id, VMWARE_HW_FUTURE),
			                     VMWARE_NEVER);
		if (vmware_since((enum feature_id)id) == 0)
			assert_int_not_equal(vmware_shows((enum feature_id)id, VMWARE_HW_FUTURE),
			                     VMWARE_HOSTS);
		/* A number cannot be merged bit by bit; maps of bits are in registers only. */
		if (f->low != f->high && feature_leaf(f) < CPUID_MSR)
			assert_true(f->rule != RULE_ALL && f->rule != RULE_ANY);
		if (f->kind == KIND_PROCESSOR)
			assert_int_equal(f->rule, RULE_NEVER);
		assert_false(feature_needs_it((enum feature_id)id, (enum feature_id)id));
	}
	assert_string_equal(feature_name(F_NONE), "");
	assert_string_equal(feature_about(F_NONE), "");
}

static bool is_version(unsigned hw)
{
	for (size_t i = 0; i < VMWARE_HW_COUNT; i++)
		if (vmware_hw_versions[i] == hw)
			return true;
	return false;
}

static void hardware_versions_are_those_of_the_list(void **state)
{
	(void)state;
	assert_int_equal(vmware_hw_versions[0], VMWARE_HW_MIN);
	assert_int_equal(vmware_hw_versions[VMWARE_HW_COUNT - 1], VMWARE_HW_MAX);
	for (size_t i = 1; i < VMWARE_HW_COUNT; i++)
		assert_true(vmware_hw_versions[i - 1] < vmware_hw_versions[i]);
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const unsigned hw = vmware_since((enum feature_id)id);

		if (hw != 0 && hw != VMWARE_HW_FUTURE && !is_version(hw))
			fail_msg("%s: %u", feature_name((enum feature_id)id), hw);
	}
}

/* What the manuals say of bits that the rest of the tests rest on. */
static const struct known {
	enum feature_id id;
	uint32_t leaf, subleaf;
	enum cpuid_reg reg;
	unsigned bit;
	enum feature_rule rule;
} known[] = {
	{ F_SSE3, 1, 0, ECX, 0, RULE_ALL },
	{ F_SMX, 1, 0, ECX, 6, RULE_ALL },
	{ F_PCID, 1, 0, ECX, 17, RULE_ALL },
	{ F_X2APIC, 1, 0, ECX, 21, RULE_ALL },
	{ F_MOVBE, 1, 0, ECX, 22, RULE_ALL },
	{ F_AESNI, 1, 0, ECX, 25, RULE_ALL },
	{ F_XSAVE, 1, 0, ECX, 26, RULE_ALL },
	{ F_OSXSAVE, 1, 0, ECX, 27, RULE_NEVER },
	{ F_AVX, 1, 0, ECX, 28, RULE_ALL },
	{ F_F16C, 1, 0, ECX, 29, RULE_ALL },
	{ F_FSGSBASE, 7, 0, EBX, 0, RULE_ALL },
	{ F_TSC_ADJUST, 7, 0, EBX, 1, RULE_ALL },
	{ F_AVX2, 7, 0, EBX, 5, RULE_ALL },
	{ F_AVX512F, 7, 0, EBX, 16, RULE_ALL },
	{ F_FCS_FDS_DEPRECATED, 7, 0, EBX, 13, RULE_ANY },
	{ F_OSPKE, 7, 0, ECX, 4, RULE_NEVER },
	{ F_MD_CLEAR, 7, 0, EDX, 10, RULE_ANY },
	{ F_AVX_VNNI, 7, 1, EAX, 4, RULE_ALL },
	{ F_XCR0_X87, 0xd, 0, EAX, 0, RULE_FIXED },
	{ F_XCR0_SSE, 0xd, 0, EAX, 1, RULE_ALL },
	{ F_XCR0_AVX, 0xd, 0, EAX, 2, RULE_ALL },
	{ F_XSAVEOPT, 0xd, 1, EAX, 0, RULE_ALL },
	{ F_LAHF_SAHF, 0x80000001, 0, ECX, 0, RULE_ALL },
	{ F_PREFETCHW, 0x80000001, 0, ECX, 8, RULE_ALL },
	{ F_NX, 0x80000001, 0, EDX, 20, RULE_ALL },
	{ F_LM, 0x80000001, 0, EDX, 29, RULE_ALL },
	{ F_TSC_INVARIANT, 0x80000007, 0, EDX, 8, RULE_ALL },
	{ F_IBPB, 0x80000008, 0, EBX, 12, RULE_ALL },
};

static void known_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		const struct known *k = &known[i];

		assert_int_equal(feature_at(k->leaf, k->subleaf, k->reg, k->bit), k->id);
		assert_int_equal(features[k->id].rule, k->rule);
	}
}

static void subleaves_from(void **state)
{
	(void)state;
	/* Component 2 has rows of its own, component 40 those of any component. */
	assert_int_equal(feature_at(0xd, 2, EAX, 0), F_XSAVE_YMM_SIZE);
	assert_int_equal(feature_at(0xd, 40, EAX, 31), F_XSAVE_SZ);
	assert_int_equal(feature_at(0xb, 5, EDX, 3), F_TOPOLOGY_X2APIC_ID);
	assert_int_equal(feature_at(7, 9, EAX, 0), F_NONE);
	assert_int_equal(feature_at(0x22, 0, EAX, 0), F_NONE);
}

static void masks_and_values(void **state)
{
	(void)state;
	assert_int_equal(feature_mask(F_NUMLEVELS), 0xffffffff);
	assert_int_equal(feature_mask(F_AVX), 0x10000000);
	assert_int_equal(feature_mask(F_APICID), 0xff000000);
	assert_int_equal(feature_value(&story_ivy, F_NUMLEVELS), 0xd);
	assert_int_equal(feature_value(&story_ivy, F_AVX), 1);
	assert_int_equal(feature_value(&story_atom, F_AVX), 0);
	assert_int_equal(feature_processor_bits(1, 0, EBX), 0xff000000);
	assert_int_equal(feature_processor_bits(1, 0, ECX), 0);
	assert_int_equal(feature_processor_bits(0x1f, 4, EDX), 0xffffffff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_ascend),
		cmocka_unit_test(every_row_is_found_at_each_of_its_bits),
		cmocka_unit_test(rows_say_what_they_are),
		cmocka_unit_test(hardware_versions_are_those_of_the_list),
		cmocka_unit_test(known_bits),
		cmocka_unit_test(subleaves_from),
		cmocka_unit_test(masks_and_values),
	};

	return cmocka_run_group_tests_name("feature", tests, NULL, NULL);
}
