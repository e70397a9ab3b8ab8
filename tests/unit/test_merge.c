/* SPDX-License-Identifier: MIT */
#include "compare/merge.h"
#include "mask/mask.h"
#include "unit.h"

static const char *mask_of(const struct cpuid_set *seen, const struct cpuid_set *baseline,
                           unsigned hw)
{
	static char buffer[8192];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	mask_vmx_write(&t, &(struct mask){ .seen = seen, .baseline = baseline, .hw = hw });
	assert_false(t.full);
	return text_string(&t);
}

static void merge_of(struct merge *m, const struct cpuid_set *a, const struct cpuid_set *b)
{
	merge_start(m);
	assert_true(merge_add(m, a));
	assert_true(merge_add(m, b));
}

static void the_story_gives_its_four_lines(void **state)
{
	static struct merge m;
	static struct cpuid_set baseline;

	(void)state;
	merge_of(&m, &story_atom, &story_ivy);
	merge_baseline(&m, &baseline);
	assert_string_equal(mask_of(&m.high, &baseline, 9),
	                    "cpuid.1.ecx = \"--00-0---0----0-----------------\"\n"
	                    "cpuid.7.ebx = \"-------------------------------0\"\n"
	                    "cpuid.80000001.ecx = \"-----------------------0--------\"\n"
	                    "cpuid.d.eax = \"-----------------------------00-\"\n");
}

static void one_direction_alone_gives_a_half(void **state)
{
	static struct merge m, own;
	static struct cpuid_set baseline, seen;

	(void)state;
	merge_of(&m, &story_atom, &story_ivy);
	merge_baseline(&m, &baseline);
	merge_start(&own);
	merge_add(&own, &story_ivy);
	merge_baseline(&own, &seen);
	assert_string_equal(mask_of(&seen, &baseline, 9),
	                    "cpuid.1.ecx = \"--00-0--------0-----------------\"\n"
	                    "cpuid.7.ebx = \"-------------------------------0\"\n"
	                    "cpuid.d.eax = \"-----------------------------00-\"\n");
	merge_start(&own);
	merge_add(&own, &story_atom);
	merge_baseline(&own, &seen);
	assert_string_equal(mask_of(&seen, &baseline, 9),
	                    "cpuid.1.ecx = \"---------0----------------------\"\n"
	                    "cpuid.80000001.ecx = \"-----------------------0--------\"\n");
}

static void later_hardware_shows_more(void **state)
{
	static struct merge m;
	static struct cpuid_set baseline;

	(void)state;
	merge_of(&m, &story_atom, &story_ivy);
	merge_baseline(&m, &baseline);
	/* PCID, F16C and FSGSBASE come with 9, XSAVEOPT with 11. */
	assert_string_equal(mask_of(&m.high, &baseline, 8),
	                    "cpuid.1.ecx = \"---0-0---0----------------------\"\n"
	                    "cpuid.80000001.ecx = \"-----------------------0--------\"\n"
	                    "cpuid.d.eax = \"-----------------------------00-\"\n");
	assert_non_null(strstr(mask_of(&m.high, &baseline, 11),
	                       "cpuid.d.1.eax = \"-------------------------------0\"\n"));
}

static void grouped_and_baseline_forms(void **state)
{
	static struct merge m;
	static struct cpuid_set baseline;
	static char buffer[8192];
	struct mask mask = { &m.high, &baseline, .hw = 9, .grouped = true };
	struct text t;

	(void)state;
	merge_of(&m, &story_atom, &story_ivy);
	merge_baseline(&m, &baseline);
	text_start(&t, buffer, sizeof(buffer));
	mask_vmx_write(&t, &mask);
	assert_non_null(strstr(text_string(&t),
	                       "cpuid.1.ecx = \"--00:-0--:-0--:--0-:----:----:----:----\"\n"));

	/* The baseline hides BMI1 and FMA as well, which neither host has, but not AVX-512:
	 * version 13. */
	mask.hide_all = true;
	mask.grouped = false;
	text_start(&t, buffer, sizeof(buffer));
	mask_vmx_write(&t, &mask);
	assert_non_null(
		strstr(text_string(&t), "cpuid.1.ecx = \"--00-0---0----0----0------------\"\n"));
	assert_non_null(strstr(buffer, "cpuid.7.ebx = \"----------------------------0--0\"\n"));
}

static void identical_hosts_need_no_mask(void **state)
{
	static struct merge m;
	static struct cpuid_set baseline;

	(void)state;
	merge_of(&m, &story_ivy, &story_ivy);
	merge_baseline(&m, &baseline);
	assert_string_equal(mask_of(&m.high, &baseline, 22), "");
}

/* One row of each rule: two hosts with these values, and the baseline. */
static const struct rule_case {
	enum feature_id id;
	uint32_t a, b, baseline;
} rule_cases[] = {
	{ F_MOVBE, 1, 1, 1 },     { F_MOVBE, 1, 0, 0 },     { F_MOVBE, 0, 0, 0 },
	{ F_MD_CLEAR, 1, 0, 1 },  { F_MD_CLEAR, 0, 0, 0 },  { F_FCS_FDS_DEPRECATED, 0, 1, 1 },
	{ F_NUMLEVELS, 5, 9, 5 }, { F_NUMLEVELS, 6, 9, 6 }, { F_PHYS_BITS, 46, 39, 39 },
	{ F_FAMILY, 6, 6, 6 },    { F_FAMILY, 6, 15, 0 },   { F_CLFL_SIZE, 8, 8, 8 },
	{ F_OSPKE, 1, 1, 0 },     { F_APICID, 3, 3, 0 },    { F_HYPERVISOR_PRESENT, 1, 1, 0 },
	{ F_APIC, 1, 0, 1 },
};

static void put_field(struct cpuid_set *set, enum feature_id id, uint32_t value)
{
	const struct feature *f = &features[id];

	put(set, feature_leaf(f), feature_subleaf(f), (enum cpuid_reg)f->reg, value << f->low);
}

static void rules(void **state)
{
	static struct cpuid_set a, b, baseline;
	static struct merge m;

	(void)state;
	for (size_t i = 0; i < COUNT(rule_cases); i++) {
		const struct rule_case *c = &rule_cases[i];

		a.count = b.count = 0;
		put_field(&a, c->id, c->a);
		put_field(&b, c->id, c->b);
		merge_of(&m, &a, &b);
		merge_baseline(&m, &baseline);
		if (feature_value(&baseline, c->id) != c->baseline)
			fail_msg("%s: %u and %u give %u", feature_name(c->id), c->a, c->b,
			         feature_value(&baseline, c->id));
		assert_int_equal(merge_differs(&m, c->id, 0),
		                 features[c->id].rule == RULE_SAME && c->a != c->b);
	}
}

static void a_missing_leaf_is_zero_in_either_order(void **state)
{
	static struct cpuid_set with, without, baseline;
	static struct merge m;

	(void)state;
	without = story_ivy;
	put(&without, 0, 0, EAX, 0xd);
	put(&without, 0x80000000, 0, EAX, 0x80000007);
	with = without;
	put(&with, 0x80000008, 0, EAX, 46);
	for (unsigned order = 0; order < 2; order++) {
		merge_of(&m, order ? &with : &without, order ? &without : &with);
		merge_baseline(&m, &baseline);
		assert_null(cpuid_find(&baseline, 0x80000008, 0));
		assert_int_equal(cpuid_value(&m.high, 0x80000008, 0, EAX), 46);
	}
}

static void bits_without_a_name_merge_as_all(void **state)
{
	static struct cpuid_set a, b, baseline;
	static struct merge m;

	(void)state;
	assert_int_equal(feature_at(0x80000007, 0, EBX, 5), F_NONE);
	a.count = b.count = 0;
	put(&a, 0x80000007, 0, EBX, 0x20);
	put(&b, 0x80000007, 0, EBX, 0x20);
	merge_of(&m, &a, &b);
	merge_baseline(&m, &baseline);
	assert_int_equal(cpuid_value(&baseline, 0x80000007, 0, EBX), 0x20);
	put(&b, 0x80000007, 0, EBX, 0);
	merge_of(&m, &a, &b);
	merge_baseline(&m, &baseline);
	assert_int_equal(cpuid_value(&baseline, 0x80000007, 0, EBX), 0);
}

/* A processor with AVX2 and AVX-512 and all that they need. */
static void make_avx512(struct cpuid_set *set)
{
	*set = story_ivy;
	put(set, 0xd, 0, EAX, 0xe7);
	put(set, 7, 0, EBX, 0x00010020); /* AVX512F, AVX2 */
	for (uint32_t i = 2; i < 8; i++)
		if (0xe7 >> i & 1) {
			put(set, 0xd, i, EAX, 0x40);
			put(set, 0xd, i, EBX, 0x240 + 0x40 * (i - 2));
		}
}

static void what_lacks_its_need_goes_too(void **state)
{
	static struct cpuid_set full, less, baseline;
	static struct merge m;

	(void)state;
	make_avx512(&full);
	merge_of(&m, &full, &full);
	merge_baseline(&m, &baseline);
	assert_int_equal(feature_value(&baseline, F_AVX512F), 1);
	assert_int_equal(cpuid_value(&baseline, 0xd, 0, EAX), 0xe7);
	assert_int_equal(cpuid_value(&baseline, 0xd, 0, ECX), 0x240 + 0x40 * 6);

	/* Without the ZMM state no AVX512F, without AVX512F no opmask; AVX2 stays. */
	less = full;
	put(&less, 0xd, 0, EAX, 0xa7);
	merge_of(&m, &full, &less);
	merge_baseline(&m, &baseline);
	assert_int_equal(feature_value(&baseline, F_AVX512F), 0);
	assert_int_equal(cpuid_value(&baseline, 0xd, 0, EAX), 0x07);
	assert_int_equal(cpuid_value(&baseline, 0xd, 0, ECX), 0x240 + 0x40);
	assert_null(cpuid_find(&baseline, 0xd, 5));
	assert_int_equal(feature_value(&baseline, F_AVX2), 1);

	/* Without XSAVE nothing that is saved with it, not even XCR0's constant bit. */
	less = full;
	put(&less, 1, 0, ECX, 0x7fbae3ff & ~(UINT32_C(1) << 26));
	merge_of(&m, &full, &less);
	merge_baseline(&m, &baseline);
	assert_int_equal(feature_value(&baseline, F_AVX), 0);
	assert_int_equal(feature_value(&baseline, F_AVX2), 0);
	assert_int_equal(feature_value(&baseline, F_F16C), 0);
	assert_null(cpuid_find(&baseline, 0xd, 0));
}

static void other_layouts_are_not_in_the_baseline(void **state)
{
	static struct cpuid_set intel, amd, baseline;
	static struct merge m;

	(void)state;
	make_avx512(&intel);
	amd = intel;
	put(&amd, 0xd, 5, EBX, 0x999);
	merge_of(&m, &intel, &amd);
	merge_baseline(&m, &baseline);
	assert_int_equal(cpuid_value(&baseline, 0xd, 0, EAX), 0x07);
	assert_int_equal(feature_value(&baseline, F_AVX512F), 0);
	assert_int_equal(feature_value(&baseline, F_AVX), 1);
}

/* XSAVEC, XGETBV and XSAVES may all be absent, and subleaf 1 of leaf 0DH is zero or not there. */
static void other_layouts_without_subleaf_1(void **state)
{
	static struct cpuid_set intel, amd, baseline;
	static struct merge m;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		make_avx512(&intel);
		memset(cpuid_insert(&intel, 0xd, 1)->reg, 0, sizeof(intel.at[0].reg));
		for (size_t i = 0; round && i < intel.count; i++)
			if (intel.at[i].leaf == 0xd && intel.at[i].subleaf == 1)
				memmove(&intel.at[i], &intel.at[i + 1],
				        (--intel.count - i) * sizeof(intel.at[0]));
		amd = intel;
		put(&amd, 0xd, 5, EBX, 0x999);
		merge_of(&m, &intel, &amd);
		merge_baseline(&m, &baseline);
		assert_int_equal(cpuid_value(&baseline, 0xd, 0, EAX), 0x07);
		assert_int_equal(feature_value(&baseline, F_AVX512F), 0);
		assert_int_equal(feature_value(&baseline, F_AVX), 1);
		assert_null(cpuid_find(&baseline, 0xd, 1));
	}
}

/* A truncated dump has no layout; that is not a different layout. */
/* Merges sets in an order; the bounds must not depend on it. */
static void merge_all(struct merge *m, const struct cpuid_set *const *sets, size_t count)
{
	merge_start(m);
	for (size_t i = 0; i < count; i++)
		assert_true(merge_add(m, sets[i]));
}

static void unknown_bits_are_not_promised_and_no_difference(void **state)
{
	/* names: of leaf 1 EAX nothing is known, of ECX that bit 0 is set and bit 1 clear, of leaf
	 * 7 one bit, and not which leaf is the last. */
	static const struct cpuid_set names = {
		3,
		{ { 0, 0, { 0, 1, 2, 3 }, { UINT32_MAX } },
		  { 1, 0, { 0, 0, 1, 0 }, { UINT32_MAX, 0, ~3U, UINT32_MAX } },
		  { 7, 0, { 0, 0x20, 0, 0 }, { UINT32_MAX, ~0x20U, UINT32_MAX, UINT32_MAX } } }
	};
	static const struct cpuid_set whole = { 4,
		                                { { 0, 0, { 0xd, 1, 2, 3 } },
		                                  { 1, 0, { 0x306a9, 0, 3, 8 } },
		                                  { 7, 0, { 0, 0x28, 0, 0 } },
		                                  { 9, 0, { 5, 0, 0, 0 } } } };
	static const struct cpuid_set old = {
		2, { { 0, 0, { 5, 1, 2, 3 } }, { 1, 0, { 0x306a9, 0, 1, 0 } } }
	};
	const struct cpuid_set *const orders[][3] = {
		{ &names, &whole, &old }, { &names, &old, &whole }, { &whole, &names, &old },
		{ &whole, &old, &names }, { &old, &names, &whole }, { &old, &whole, &names },
	};
	static struct merge m, first;
	static struct cpuid_set baseline;

	(void)state;
	merge_of(&m, &names, &whole);
	merge_baseline(&m, &baseline);
	/* The number of the one that says it; bits that both have. */
	assert_int_equal(cpuid_value(&baseline, 0, 0, EAX), 0xd);
	assert_int_equal(cpuid_value(&m.low, 1, 0, EAX) >> 4, 0x306a);
	assert_int_equal(cpuid_value(&m.low, 1, 0, ECX), 1);
	assert_int_equal(cpuid_value(&m.low, 1, 0, EDX), 0);
	assert_int_equal(cpuid_value(&m.low, 7, 0, EBX), 0x20);
	assert_int_equal(merge_unknown(&m, 1, 0, ECX), ~3U);
	assert_int_equal(merge_unknown(&m, 9, 0, EAX), UINT32_MAX);
	assert_true(merge_knows(&m, &(struct place){ 1, 0, ECX, 1, 1 }));
	assert_false(merge_knows(&m, &(struct place){ 1, 0, ECX, 2, 2 }));
	assert_false(merge_knows(&m, &(struct place){ 2, 0, EAX, 0, 0 }));
	for (size_t i = 0; i < COUNT(orders); i++) {
		merge_all(i ? &m : &first, orders[i], 3);
		assert_int_equal(cpuid_compare(i ? &m.low : &first.low, &first.low), 0);
		assert_int_equal(cpuid_compare(i ? &m.high : &first.high, &first.high), 0);
	}
	assert_true(merge_add(&m, &names));
	assert_int_equal(cpuid_compare(&m.low, &first.low), 0);
}

static void a_layout_that_is_missing_is_unknown(void **state)
{
	static struct cpuid_set whole, cut, other, baseline;
	static struct merge m;

	(void)state;
	make_avx512(&whole);
	cut = whole;
	cut.count = 0;
	for (size_t i = 0; i < whole.count; i++)
		if (whole.at[i].leaf != 0xd || whole.at[i].subleaf < 2)
			cut.at[cut.count++] = whole.at[i];
	for (unsigned order = 0; order < 2; order++) {
		merge_of(&m, order ? &whole : &cut, order ? &cut : &whole);
		merge_baseline(&m, &baseline);
		assert_int_equal(feature_value(&baseline, F_AVX512F), 1);
		assert_int_equal(cpuid_value(&baseline, 0xd, 2, EBX), 576);
	}
	/* A third set with another layout is found in either order. */
	other = whole;
	put(&other, 0xd, 2, EBX, 832);
	assert_true(merge_add(&m, &other));
	merge_baseline(&m, &baseline);
	assert_int_equal(feature_value(&baseline, F_AVX), 0);
}

/* The last subleaf is the least, as the last leaf is; a guest asks no further. */
static void last_subleaves_are_minima(void **state)
{
	static const enum feature_id last[] = { F_LEAF_7_MAX_SUBLEVEL,   F_PT_MAX_SUBLEAF,
		                                F_TMUL_INFO_MAX_SUBLEAF, F_HRESET_MAX_SUBLEAF,
		                                F_AVX10_MAX_SUBLEAF,     F_MAX_CNTR_LEAF };

	(void)state;
	for (size_t i = 0; i < COUNT(last); i++)
		assert_int_equal(features[last[i]].rule, RULE_MIN);
}

/* A set that knows every leaf: those that its last leaves and subleaves promise are there. */
static void make_random(struct cpuid_set *to, uint32_t *state)
{
	static struct cpuid_set random;
	struct cpuid_set *set = &random;

	set->count = 0;
	for (unsigned i = 0; i < 40; i++) {
		const enum feature_id id =
			(enum feature_id)(1 + random_next(state) % (F_COUNT - 1));
		const struct feature *f = &features[id];
		const uint32_t subleaf =
			feature_subleaf(f) < FROM(0) ? feature_subleaf(f) : random_next(state) % 8;
		/* Dense, so that intersections are not empty. */
		put(set, feature_leaf(f), subleaf, (enum cpuid_reg)f->reg,
		    random_next(state) | random_next(state));
	}
	put(set, 0, 0, EAX, random_next(state) % 0x30);
	put(set, 0x80000000, 0, EAX, 0x80000000 + random_next(state) % 0x30);
	put(set, 0xd, 0, EAX, random_next(state));
	assert_true(cpuid_complete(to, set));
}

static void assert_same(const struct cpuid_set *a, const struct cpuid_set *b)
{
	assert_int_equal(cpuid_compare(a, b), 0);
}

static void order_and_repetition_make_no_difference(void **state)
{
	static struct cpuid_set set[5], forth, back, twice;
	static struct merge m;
	uint32_t random = 20261122;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		for (size_t i = 0; i < COUNT(set); i++)
			make_random(&set[i], &random);
		merge_start(&m);
		for (size_t i = 0; i < COUNT(set); i++)
			assert_true(merge_add(&m, &set[i]));
		merge_baseline(&m, &forth);
		for (size_t i = 0; i < COUNT(set); i++)
			assert_true(merge_add(&m, &set[i]));
		merge_baseline(&m, &twice);
		merge_start(&m);
		for (size_t i = COUNT(set); i-- > 0;)
			assert_true(merge_add(&m, &set[i]));
		merge_baseline(&m, &back);
		assert_same(&forth, &back);
		assert_same(&forth, &twice);
	}
}

static void the_baseline_has_only_what_all_hosts_have(void **state)
{
	static struct cpuid_set set[3], baseline;
	static struct merge m;
	uint32_t random = 7;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		merge_start(&m);
		for (size_t i = 0; i < COUNT(set); i++) {
			make_random(&set[i], &random);
			merge_add(&m, &set[i]);
		}
		merge_baseline(&m, &baseline);
		for (unsigned id = 1; id < F_COUNT; id++) {
			const uint32_t value = feature_value(&baseline, (enum feature_id)id);
			bool any = false;

			for (size_t i = 0; i < COUNT(set); i++) {
				const uint32_t own = feature_value(&set[i], (enum feature_id)id);
				if (features[id].rule == RULE_ALL && value && !own)
					fail_msg("%s is in the baseline",
					         feature_name((enum feature_id)id));
				if (features[id].rule == RULE_MIN &&
				    cpuid_knows(&set[i], feature_leaf(&features[id]),
				                feature_subleaf(&features[id])))
					assert_true(value <= own);
				any |= own != 0;
			}
			if (features[id].rule == RULE_ANY && any &&
			    *feature_needs((enum feature_id)id) == F_NONE)
				assert_int_not_equal(value, 0);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_story_gives_its_four_lines),
		cmocka_unit_test(one_direction_alone_gives_a_half),
		cmocka_unit_test(later_hardware_shows_more),
		cmocka_unit_test(grouped_and_baseline_forms),
		cmocka_unit_test(identical_hosts_need_no_mask),
		cmocka_unit_test(rules),
		cmocka_unit_test(a_missing_leaf_is_zero_in_either_order),
		cmocka_unit_test(bits_without_a_name_merge_as_all),
		cmocka_unit_test(what_lacks_its_need_goes_too),
		cmocka_unit_test(other_layouts_are_not_in_the_baseline),
		cmocka_unit_test(other_layouts_without_subleaf_1),
		cmocka_unit_test(unknown_bits_are_not_promised_and_no_difference),
		cmocka_unit_test(a_layout_that_is_missing_is_unknown),
		cmocka_unit_test(last_subleaves_are_minima),
		cmocka_unit_test(order_and_repetition_make_no_difference),
		cmocka_unit_test(the_baseline_has_only_what_all_hosts_have),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
