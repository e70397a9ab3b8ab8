/* SPDX-License-Identifier: MIT */
/*
 * What processors say of weaknesses and offer against them.  The right values are written down here
 * once more, from the manuals and from Linux.
 */
#include "table/cpu_model.h"
#include "table/speculation.h"
#include "unit.h"

#define SKYLAKE 0x00050654
#define MILAN   0x00a00f11

static void make(struct cpuid_set *set, bool amd, uint32_t signature)
{
	*set = (struct cpuid_set){ .count = 0 };
	put(set, 0, 0, EAX, 0x20);
	put(set, 0, 0, EBX, amd ? 0x68747541 : 0x756e6547);
	put(set, 0, 0, ECX, amd ? 0x444d4163 : 0x6c65746e);
	put(set, 0, 0, EDX, amd ? 0x69746e65 : 0x49656e69);
	put(set, 1, 0, EAX, signature);
	put(set, 7, 0, EAX, 2);
	put(set, 7, 2, EDX, 0);
	put(set, CPUID_MSR | 0x10a, 0, EAX, 0);
	put(set, 0x80000000, 0, EAX, 0x80000021);
	put(set, 0x80000008, 0, EBX, 0);
	put(set, 0x80000021, 0, EAX, 0);
}

static void add(struct cpuid_set *set, enum feature_id id)
{
	const struct place at = feature_place(id);

	put(set, at.leaf, at.subleaf, at.reg,
	    cpuid_value(set, at.leaf, at.subleaf, at.reg) | 1U << at.low);
}

static void each_control_has_its_name(void **state)
{
	static const struct {
		enum feature_id id;
		const char *name;
	} right[] = {
		{ F_AMD_IBRS, "IBRS" },
		{ F_IBRS_ALL, "enhanced IBRS" },
		{ F_AUTOMATIC_IBRS, "automatic IBRS" },
		{ F_IBPB, "IBPB" },
		{ F_SBPB, "SBPB" },
		{ F_STIBP, "STIBP" },
		{ F_AMD_STIBP, "STIBP" },
		{ F_SSBD, "SSBD" },
		{ F_AMD_SSBD, "SSBD" },
		{ F_SSBD_VIRT_SPEC_CTRL, "SSBD (VIRT_SPEC_CTRL)" },
		{ F_PSFD, "PSFD" },
		{ F_AMD_PSFD, "PSFD" },
		{ F_MD_CLEAR, "VERW clears buffers" },
		{ F_VERW_CLEAR, "VERW clears buffers" },
		{ F_FB_CLEAR, "VERW clears fill buffers" },
		{ F_RFDS_CLEAR, "VERW clears registers" },
		{ F_L1D_FLUSH, "L1D flush" },
		{ F_SRBDS_CTRL, "SRBDS control" },
		{ F_GDS_CTRL, "GDS control" },
		{ F_TSX_CTRL, "TSX control" },
		{ F_IPRED_CTRL, "IPRED_DIS" },
		{ F_RRSBA_CTRL, "RRSBA_DIS" },
		{ F_BHI_CTRL, "BHI_DIS_S" },
		{ F_LFENCE_ALWAYS_SERIALIZING, "LFENCE serializes" },
	};
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		size_t next = 0;

		make(&set, true, MILAN);
		add(&set, right[i].id);
		const char *name = speculation_control(&set, &next);
		if (!name || strcmp(name, right[i].name) || speculation_control(&set, &next))
			fail_msg("%s: %s", feature_name(right[i].id), name ? name : "nothing");
	}
	size_t next = 0;
	make(&set, false, SKYLAKE);
	assert_null(speculation_control(&set, &next));
	add(&set, F_IBRS_IBPB); /* Intel's one bit for two things */
	next = 0;
	assert_string_equal(speculation_control(&set, &next), "IBRS");
	assert_string_equal(speculation_control(&set, &next), "IBPB");
	assert_null(speculation_control(&set, &next));
}

static const struct weakness *weakness_of(const char *name, enum cpu_vendor vendor)
{
	for (size_t i = 0; i < weaknesses_count; i++)
		if (!strcmp(weaknesses[i].name, name) &&
		    (weaknesses[i].vendor == vendor || weaknesses[i].vendor == CPU_ANY))
			return &weaknesses[i];
	fail_msg("there is no weakness %s", name);
	return NULL;
}

/* Who has it: a processor of which Linux knows that.  What says that it has not. */
static const struct {
	const char *name;
	bool amd;
	uint32_t signature;
	enum feature_id immune[3], if_has;
} kinds[] = {
	{ "Meltdown", false, SKYLAKE, { F_RDCL_NO }, F_NONE },
	{ "L1TF", false, SKYLAKE, { F_RDCL_NO }, F_NONE },
	{ "SSB", false, SKYLAKE, { F_SSB_NO }, F_NONE },
	{ "SSB", true, MILAN, { F_SSBD_NOT_REQUIRED }, F_NONE },
	{ "MDS", false, SKYLAKE, { F_MDS_NO }, F_NONE },
	{ "TAA", false, SKYLAKE, { F_TAA_NO }, F_RTM },
	{ "MMIO stale data", false, SKYLAKE, { F_SBDR_SSDP_NO, F_FBSDP_NO, F_PSDP_NO }, F_NONE },
	{ "BHI", false, SKYLAKE, { F_BHI_NO }, F_NONE },
	{ "GDS (Downfall)", false, SKYLAKE, { F_GDS_NO }, F_AVX2 },
	{ "RFDS", false, 0x000506f1, { F_RFDS_NO }, F_NONE },
	{ "ITS", false, 0x000606a6, { F_ITS_NO }, F_NONE },
	{ "Retbleed (BTC)", true, 0x00830f10, { F_BTC_NO }, F_NONE },
	{ "SRSO (Inception)", true, MILAN, { F_SRSO_NO }, F_NONE },
	{ "TSA", true, MILAN, { F_TSA_SQ_NO, F_TSA_L1_NO }, F_NONE },
};

static void what_says_that_a_processor_is_immune(void **state)
{
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const struct weakness *w =
			weakness_of(kinds[i].name, kinds[i].amd ? CPU_AMD : CPU_INTEL);

		make(&set, kinds[i].amd, kinds[i].signature);
		if (kinds[i].if_has != F_NONE) {
			assert_int_equal(weakness_state(w, &set), WEAKNESS_OTHERS);
			add(&set, kinds[i].if_has);
		}
		for (size_t n = 0; n < COUNT(kinds[i].immune) && kinds[i].immune[n]; n++) {
			if (weakness_state(w, &set) != WEAKNESS_OPEN)
				fail_msg("%s with %zu", kinds[i].name, n);
			add(&set, kinds[i].immune[n]);
		}
		if (weakness_state(w, &set) != WEAKNESS_IMMUNE)
			fail_msg("%s", kinds[i].name);
	}
	assert_int_equal(weakness_state(weakness_of("Spectre v2", CPU_ANY), &set), WEAKNESS_OPEN);
	assert_int_equal(weaknesses_count, COUNT(kinds) + 1);
}

/* Firsts and lasts of each range: Linux's cpu_vuln_blacklist, vulnerable_to_its, tsa_init. */
static void who_can_have_it(void **state)
{
	static const struct {
		const char *name;
		bool amd, can;
		uint32_t signature;
	} right[] = {
		{ "GDS (Downfall)", false, false, 0x000406f1 }, /* Broadwell-EP */
		{ "GDS (Downfall)", false, false, 0x000806f8 }, /* Sapphire Rapids */
		{ "GDS (Downfall)", false, true, 0x000906ed },
		{ "RFDS", false, false, SKYLAKE },
		{ "RFDS", false, true, 0x000b0671 }, /* Raptor Lake */
		{ "ITS", false, false, SKYLAKE },
		{ "ITS", false, true, 0x00050656 }, /* Cascade Lake, stepping 6 */
		{ "ITS", false, false, 0x000906ec },
		{ "ITS", false, true, 0x000906ed },
		{ "ITS", false, false, 0x000806eb },
		{ "ITS", false, true, 0x000806ec },
		{ "ITS", false, false, 0x000806f8 },
		{ "Retbleed (BTC)", true, false, 0x00100f91 },
		{ "Retbleed (BTC)", true, true, 0x00630f01 },
		{ "Retbleed (BTC)", true, false, MILAN },
		{ "SRSO (Inception)", true, true, 0x00800f12 },
		{ "SRSO (Inception)", true, true, 0x00b00f21 },
		{ "SRSO (Inception)", true, false, 0x00630f01 },
		{ "TSA", true, false, 0x00830f10 },
		{ "TSA", true, false, 0x00b00f21 },
	};
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(right); i++) {
		const struct weakness *w =
			weakness_of(right[i].name, right[i].amd ? CPU_AMD : CPU_INTEL);

		make(&set, right[i].amd, right[i].signature);
		add(&set, F_AVX2);
		if (weakness_state(w, &set) != (right[i].can ? WEAKNESS_OPEN : WEAKNESS_OTHERS))
			fail_msg("%s on %x", right[i].name, right[i].signature);
	}
}

static void what_software_must_know(void **state)
{
	static const enum feature_id ids[] = { F_RSBA, F_RRSBA, F_RTM_ALWAYS_ABORT };
	static struct cpuid_set set;
	const char *before = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		size_t next = 0;

		make(&set, false, SKYLAKE);
		add(&set, ids[i]);
		const char *words = speculation_caution(&set, &next);
		assert_non_null(words);
		assert_null(speculation_caution(&set, &next));
		assert_true(words != before);
		before = words;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_control_has_its_name),
		cmocka_unit_test(what_says_that_a_processor_is_immune),
		cmocka_unit_test(who_can_have_it),
		cmocka_unit_test(what_software_must_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
