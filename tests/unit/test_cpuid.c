/* SPDX-License-Identifier: MIT */
#include "unit.h"

/* Each case is a processor and the keys, leaf << 8 | subleaf, that a walk must give. */
static const struct walk_case {
	const char *name;
	struct cpuid_leaf leaf[16];
	uint64_t key[24]; /* 0 past the first ends it */
} walk_cases[] = {
	{ "leaf 7 by its count",
	  { { 0, 0, { 7, 0, 0, 0 } }, { 7, 0, { 2, 1, 0, 0 } }, { 7, 3, { 0, 1, 1, 1 } } },
	  { 0x000, 0x100, 0x200, 0x300, 0x400, 0x500, 0x600, 0x700, 0x701, 0x702 } },
	{ "caches until type 0",
	  { { 0, 0, { 4, 0, 0, 0 } }, { 4, 0, { 0x121, 0, 0, 0 } }, { 4, 1, { 0x143, 0, 0, 0 } } },
	  { 0x000, 0x100, 0x200, 0x300, 0x400, 0x401, 0x402 } },
	{ "no caches", { { 0, 0, { 4, 0, 0, 0 } } }, { 0x000, 0x100, 0x200, 0x300, 0x400 } },
	{ "a hypervisor's leaves are read only if leaf 1 has the bit",
	  { { 0, 0, { 1, 0, 0, 0 } }, { 0x40000000, 0, { 0x40000001, 0, 0, 0 } } },
	  { 0x000, 0x100 } },
	{ "two hypervisor interfaces",
	  { { 0, 0, { 1, 0, 0, 0 } },
	    { 1, 0, { 0, 0, 0x80000000, 0 } },
	    { 0x40000000, 0, { 0x40000001, 0, 0, 0 } },
	    { 0x40000100, 0, { 0x40000100, 0, 0, 0 } } },
	  { 0x000, 0x100, 0x4000000000, 0x4000000100, 0x4000010000 } },
	{ "a hypervisor that returns its first leaf for all leaves",
	  { { 0, 0, { 1, 0, 0, 0 } },
	    { 1, 0, { 0, 0, 0x80000000, 0 } },
	    { 0x40000000, 0, { 0x40000000, 1, 1, 1 } },
	    { 0x40000100, 0, { 0x40000000, 1, 1, 1 } } },
	  { 0x000, 0x100, 0x4000000000 } },
	{ "old KVM, whose last leaf is 0",
	  { { 0, 0, { 1, 0, 0, 0 } },
	    { 1, 0, { 0, 0, 0x80000000, 0 } },
	    { 0x40000000, 0, { 0, 0x4b4d564b, 0, 0 } } },
	  { 0x000, 0x100, 0x4000000000, 0x4000000100 } },
	{ "no extended range: the last basic leaf is returned",
	  { { 0, 0, { 1, 0, 0, 0 } }, { 0x80000000, 0, { 0x000306a9, 0, 0, 0 } } },
	  { 0x000, 0x100 } },
	{ "the extended range",
	  { { 0, 0, { 0, 0, 0, 0 } }, { 0x80000000, 0, { 0x80000002, 0, 0, 0 } } },
	  { 0x000, 0x8000000000, 0x8000000100, 0x8000000200 } },
	{ "Zhaoxin's range",
	  { { 0, 0, { 0, 0x68532020, 0x20206961, 0x68676e61 } },
	    { 0xc0000000, 0, { 0xc0000001, 0, 0, 0 } } },
	  { 0x000, 0xc000000000, 0xc000000100 } },
	{ "Zhaoxin's range on another vendor's processor",
	  { { 0, 0, { 0, 0x756e6547, 0x6c65746e, 0x49656e69 } },
	    { 0xc0000000, 0, { 0xc0000001, 0, 0, 0 } } },
	  { 0x000 } },
};

static void check_walk(const struct walk_case *c)
{
	struct machine m = { c->leaf, COUNT(c->leaf), 0 };
	static struct cpuid_set set;
	size_t i = 0;

	assert_true(cpuid_collect(&set, replay, &m));
	for (; i < set.count; i++) {
		const uint64_t key = (uint64_t)set.at[i].leaf << 8 | set.at[i].subleaf;
		if (i == COUNT(c->key) || key != c->key[i])
			fail_msg("%s: leaf %zu is %08x.%02x", c->name, i, set.at[i].leaf,
			         set.at[i].subleaf);
	}
	if (c->key[i] != 0)
		fail_msg("%s: %zu leaves are too few", c->name, i);
}

static void walks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walk_cases); i++)
		check_walk(&walk_cases[i]);
}

static const struct cpuid_leaf xsave[] = {
	{ 0, 0, { 0xd, 0, 0, 0 } },
	{ 0xd, 0, { 0x000002e7, 0, 0, 0xc0000000 } }, /* LWP is bit 62; bit 63 is no component */
	{ 0xd, 1, { 0xf, 0, 0x00001800, 0 } },
};

static void xsave_components_have_holes(void **state)
{
	static const uint32_t expected[] = { 0, 1, 2, 5, 6, 7, 9, 11, 12, 62 };
	struct machine m = { xsave, COUNT(xsave), 0 };
	static struct cpuid_set set;
	size_t found = 0;

	(void)state;
	assert_true(cpuid_collect(&set, replay, &m));
	for (size_t i = 0; i < set.count; i++)
		if (set.at[i].leaf == 0xd)
			assert_int_equal(set.at[i].subleaf, expected[found++]);
	assert_int_equal(found, COUNT(expected));
}

/* Returns the same for every leaf, as broken hypervisors do. */
static void return_ones(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	size_t *reads = ctx;

	(void)leaf, (void)subleaf;
	++*reads;
	for (unsigned i = 0; i < CPUID_REGS; i++)
		reg[i] = 0xffffffff;
}

static void every_walk_is_bounded(void **state)
{
	static struct cpuid_set set;
	size_t reads = 0;

	(void)state;
	assert_true(cpuid_collect(&set, return_ones, &reads) || set.count == CPUID_SET_MAX);
	assert_true(reads < 100000);
}

/* A thousand leaves, each with subleaves without end. */
static void return_much(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	(void)ctx;
	reg[EAX] = leaf == 0 ? 1000 : leaf << 8 | subleaf | 1;
	reg[EBX] = reg[ECX] = reg[EDX] = 0xffff & (leaf + subleaf);
}

static void too_many_leaves_are_cut_and_noted(void **state)
{
	static struct cpuid_set set;

	(void)state;
	assert_false(cpuid_collect(&set, return_much, NULL));
	assert_int_equal(set.count, CPUID_SET_MAX);
	for (size_t i = 1; i < set.count; i++)
		assert_true(set.at[i - 1].leaf < set.at[i].leaf ||
		            (set.at[i - 1].leaf == set.at[i].leaf &&
		             set.at[i - 1].subleaf < set.at[i].subleaf));
}

static void subleaves_of_unknown_leaves_are_found(void **state)
{
	static const struct cpuid_leaf leaf[] = {
		{ 0, 0, { 0x2b, 0, 0, 0 } }, { 0x2a, 0, { 1, 2, 3, 4 } },
		{ 0x2a, 1, { 1, 2, 3, 4 } }, /* ignores ECX */
		{ 0x2a, 2, { 1, 2, 3, 4 } }, { 0x2a, 3, { 1, 2, 3, 4 } },
		{ 0x2b, 0, { 1, 2, 3, 4 } }, { 0x2b, 2, { 5, 6, 7, 8 } }, /* has a second subleaf */
	};
	struct machine m = { leaf, COUNT(leaf), 0 };
	static struct cpuid_set set;

	(void)state;
	assert_true(cpuid_collect(&set, replay, &m));
	assert_null(cpuid_find(&set, 0x2a, 1));
	assert_null(cpuid_find(&set, 0x2b, 1));
	assert_non_null(cpuid_find(&set, 0x2b, 2));
}

static void find_insert_value(void **state)
{
	static struct cpuid_set set;
	uint32_t random = 1;

	(void)state;
	set.count = 0;
	for (unsigned i = 0; i < 200; i++) {
		const uint32_t r = random_next(&random);
		struct cpuid_leaf *l = cpuid_insert(&set, r % 50, r >> 8 & 7);
		assert_non_null(l);
		l->reg[ECX] = l->leaf * 1000 + l->subleaf;
	}
	for (size_t i = 0; i < set.count; i++) {
		assert_ptr_equal(cpuid_find(&set, set.at[i].leaf, set.at[i].subleaf), &set.at[i]);
		assert_int_equal(set.at[i].reg[ECX], set.at[i].leaf * 1000 + set.at[i].subleaf);
	}
	assert_null(cpuid_find(&set, 99, 0));
	assert_int_equal(cpuid_value(&set, 99, 0, EAX), 0);
	for (uint32_t i = 0; set.count < CPUID_SET_MAX; i++)
		cpuid_insert(&set, 1000 + i, 0);
	assert_null(cpuid_insert(&set, 999, 0));
	assert_non_null(cpuid_insert(&set, 1000, 0));
}

static void vendor_and_brand(void **state)
{
	static struct cpuid_set set;
	char vendor[13], brand[49];

	(void)state;
	cpuid_vendor(&story_atom, vendor);
	assert_string_equal(vendor, "GenuineIntel");
	set.count = 0;
	put(&set, 0x80000002, 0, EAX, 0x65746e49);
	put(&set, 0x80000002, 0, EBX, 0x2952286c);
	cpuid_brand(&set, brand);
	assert_string_equal(brand, "Intel(R)");
}

static void family_and_model(void **state)
{
	static const struct {
		uint32_t eax, family, model;
	} cases[] = {
		{ 0x000306a9, 6, 0x3a },  /* Ivy Bridge */
		{ 0x00000633, 6, 3 },     /* Pentium II */
		{ 0x00a10f11, 25, 0x11 }, /* Genoa */
		{ 0x00010543, 5, 4 },     /* extended parts do not count */
	};
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		set.count = 0;
		put(&set, 1, 0, EAX, cases[i].eax);
		assert_int_equal(cpuid_family(&set), cases[i].family);
		assert_int_equal(cpuid_model(&set), cases[i].model);
	}
}

static struct cpuid_set set;

/* Collects a processor of this vendor and signature that returns data in all vendors' ranges. */
static void collect_private(const char *vendor, uint32_t signature, uint32_t text)
{
	struct cpuid_leaf leaves[] = {
		{ 0, 0, { 1, 0, 0, 0 } },
		{ 1, 0, { signature, 0, 0, 0 } },
		{ 0x20000000, 0, { 0x20000001, 0, 0, 0 } },
		{ 0x20000001, 0, { 0, 0, 0, 1 } },
		{ 0x80860000, 0, { 0x80860001, 0, 0, 0 } },
		{ 0x80860001, 0, { 0x543, 0, 0, 1 } },
		{ 0x8fffffff, 0, { text, 0, 0, 0 } },
		{ 0xc0000000, 0, { 0xc0000001, 0, 0, 0 } },
		{ 0xc0000001, 0, { 0, 0, 0, 0xdd } },
	};
	struct machine m = { .at = leaves, .count = COUNT(leaves) };

	memcpy(&leaves[0].reg[EBX], vendor, 4);
	memcpy(&leaves[0].reg[EDX], vendor + 4, 4);
	memcpy(&leaves[0].reg[ECX], vendor + 8, 4);
	assert_true(cpuid_collect(&set, replay, &m));
	for (size_t i = 1; i < set.count; i++)
		assert_true(set.at[i - 1].leaf < set.at[i].leaf ||
		            (set.at[i - 1].leaf == set.at[i].leaf &&
		             set.at[i - 1].subleaf < set.at[i].subleaf));
}

static void private_ranges_are_for_their_owners(void **state)
{
	static const struct {
		const char *vendor;
		uint32_t signature, leaf;
	} cases[] = {
		{ "GenuineIntel", 0xb10, 0x20000001 }, { "GenuineIntel", 0x306a9, 0 },
		{ "GenuineTMx86", 0x543, 0x80860001 }, { "TransmetaCPU", 0x543, 0x80860001 },
		{ "AuthenticAMD", 0xf51, 0x8fffffff }, { "CentaurHauls", 0x6fa, 0xc0000001 },
		{ "  Shanghai  ", 0x719, 0xc0000001 }, { "SomebodyElse", 0x719, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		collect_private(cases[i].vendor, cases[i].signature, 0x53275449);
		for (size_t k = 0; k < COUNT(cases); k++)
			if (cases[k].leaf)
				assert_int_equal(cpuid_find(&set, cases[k].leaf, 0) != NULL,
				                 cases[k].leaf == cases[i].leaf);
	}
	/* Zeros, and a copy of the last basic leaf, are not a text. */
	collect_private("AuthenticAMD", 0xf51, 0);
	assert_null(cpuid_find(&set, 0x8fffffff, 0));
	collect_private("AuthenticAMD", 0xf51, 0xf51);
	assert_null(cpuid_find(&set, 0x8fffffff, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks),
		cmocka_unit_test(xsave_components_have_holes),
		cmocka_unit_test(every_walk_is_bounded),
		cmocka_unit_test(too_many_leaves_are_cut_and_noted),
		cmocka_unit_test(subleaves_of_unknown_leaves_are_found),
		cmocka_unit_test(find_insert_value),
		cmocka_unit_test(vendor_and_brand),
		cmocka_unit_test(family_and_model),
		cmocka_unit_test(private_ranges_are_for_their_owners),
	};

	return cmocka_run_group_tests_name("cpuid", tests, NULL, NULL);
}
