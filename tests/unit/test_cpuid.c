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

static void assert_ascends(const struct cpuid_set *set)
{
	for (size_t i = 1; i < set->count; i++)
		assert_true(set->at[i - 1].leaf < set->at[i].leaf ||
		            (set->at[i - 1].leaf == set->at[i].leaf &&
		             set->at[i - 1].subleaf < set->at[i].subleaf));
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
	assert_ascends(&set);
}

/* A processor with every kind of leaf, and with more subleaves of the leaves that are counted. */
struct crowd {
	const char *vendor;
	uint32_t signature;
	unsigned more;
};

static void return_crowd(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	static const uint32_t counted[] = { 7, 0x14, 0x17, 0x18, 0x1d, 0x1e, 0x20, 0x24, 0x29 };
	static const struct cpuid_leaf at[] = {
		{ 0, 0, { 0x2b } },
		{ 1, 0, { 0, 0, 1U << 31, 0 } },
		{ 4, 0, { 1 } },
		{ 0xd, 0, { 7 } },
		{ 0xd, 1, { 0, 0, 1 << 9 } },
		{ 0xf, 0, { 0, 0, 0, 2 } },
		{ 0x10, 0, { 0, 6 } },
		{ 0x1b, 0, { 1 } },
		{ 0x1b, 1, { 2 } },
		{ 0x23, 0, { 0xb } },
		{ 0x27, 0, { 0, 0, 0, 2 } },
		{ 0x2b, 1, { 3 } },
		{ 0x2b, 3, { 4 } },
		{ 0x20000000, 0, { 0x20000001 } },
		{ 0x40000000, 0, { 0x40000001 } },
		{ 0x40000100, 0, { 0x40000101 } },
		{ 0x80000000, 0, { 0x80000027 } },
		{ 0x8000001d, 0, { 1 } },
		{ 0x80000020, 0, { 0, 6 } },
		{ 0x80000026, 0, { 0, 0, 0x100, 0 } },
		{ 0x8fffffff, 0, { 0x53 } },
		{ 0xc0000000, 0, { 0xc0000003 } },
	};
	const struct crowd *c = ctx;
	struct machine m = { .at = at, .count = COUNT(at) };

	replay(&m, leaf, subleaf, reg);
	if (leaf == 0)
		for (unsigned i = 0; i < 3; i++)
			memcpy(&reg[(const unsigned[]){ EBX, EDX, ECX }[i]], c->vendor + 4 * i, 4);
	if (leaf == 1)
		reg[EAX] = c->signature;
	for (unsigned i = 0, left = c->more; i < COUNT(counted); i++) {
		const unsigned subleaves = left < CPUID_SUBLEAF_MAX ? left : CPUID_SUBLEAF_MAX;

		if (leaf == counted[i] && subleaf == 0)
			reg[EAX] = subleaves;
		left -= subleaves;
	}
}

/* Wherever the last leaf falls that there is room for. */
static void a_set_is_cut_at_any_leaf(void **state)
{
	static const struct {
		const char *vendor;
		uint32_t signature;
	} whose[] = { { "GenuineIntel", 0xb10 },
		      { "AuthenticAMD", 0xf51 },
		      { "CentaurHauls", 0x6fa } };
	static struct cpuid_set whole, set;

	(void)state;
	for (size_t i = 0; i < COUNT(whose); i++) {
		struct crowd c = { whose[i].vendor, whose[i].signature, 0 };

		assert_true(cpuid_collect(&whole, return_crowd, &c));
		for (c.more = 1; c.more <= 9 * CPUID_SUBLEAF_MAX; c.more++) {
			const size_t all = whole.count + c.more;
			const size_t kept = all < CPUID_SET_MAX ? all : CPUID_SET_MAX;

			assert_int_equal(cpuid_collect(&set, return_crowd, &c),
			                 all <= CPUID_SET_MAX);
			assert_int_equal(set.count, kept);
			assert_ascends(&set);
		}
		assert_true(whole.count + 9 * CPUID_SUBLEAF_MAX > CPUID_SET_MAX + 100);
	}
}

/* Each interface that there can be; none after the last. */
static void return_interfaces(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	(void)ctx, (void)subleaf;
	memset(reg, 0, sizeof(uint32_t) * CPUID_REGS);
	reg[EAX] = leaf == 0 ? 1 : leaf & 0x40000000 ? leaf : 0;
	reg[ECX] = leaf == 1 ? 1U << 31 : 0;
}

static void interfaces_of_hypervisors_end(void **state)
{
	static struct cpuid_set set;

	(void)state;
	assert_true(cpuid_collect(&set, return_interfaces, NULL));
	assert_int_equal(set.count, 2 + 256);
	assert_int_equal(set.at[257].leaf, 0x4000ff00);
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
	assert_ascends(&set);
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

/* Processors of which a dump says this much, and what it does not say of others. */
static const struct known_case {
	const char *name;
	struct cpuid_leaf leaf[6];
	uint32_t at, subleaf;
	bool knows;
} known_cases[] = {
	{ "a leaf that is there", { { 7, 0, { 0 } } }, 7, 0, true },
	{ "above the last leaf", { { 0, 0, { 6, 0, 0, 0 } } }, 7, 0, true },
	{ "the last leaf", { { 0, 0, { 7, 0, 0, 0 } } }, 7, 0, false },
	{ "no first leaf", { { 1, 0, { 7, 0, 0, 0 } } }, 7, 0, false },
	{ "its subleaf", { { 0, 0, { 7, 0, 0, 0 } } }, 7, 1, false },
	{ "the last subleaf", { { 0, 0, { 7 } }, { 7, 0, { 1 } } }, 7, 1, false },
	{ "above the last subleaf", { { 0, 0, { 7 } }, { 7, 0, { 1 } } }, 7, 2, true },
	{ "one cache", { { 0, 0, { 4 } }, { 4, 0, { 0x121 } } }, 4, 1, false },
	{ "no cache", { { 0, 0, { 4 } }, { 4, 0, { 0 } } }, 4, 1, true },
	{ "two caches, without the end as cpuid -r prints them",
	  { { 0, 0, { 4 } }, { 4, 0, { 0x121 } }, { 4, 1, { 0x122 } } },
	  4,
	  2,
	  true },
	{ "a gap between caches",
	  { { 0, 0, { 4 } }, { 4, 0, { 0x121 } }, { 4, 2, { 0x122 } } },
	  4,
	  1,
	  false },
	{ "a state", { { 0, 0, { 0xd } }, { 0xd, 0, { 7 } }, { 0xd, 1, { 0 } } }, 0xd, 2, false },
	{ "another", { { 0, 0, { 0xd } }, { 0xd, 0, { 7 } }, { 0xd, 1, { 0 } } }, 0xd, 3, true },
	{ "a state of IA32_XSS", { { 0, 0, { 0xd } }, { 0xd, 0, { 7 } } }, 0xd, 8, false },
	{ "a counter", { { 0, 0, { 0x23 } }, { 0x23, 0, { 0xb } } }, 0x23, 3, false },
	{ "no counter", { { 0, 0, { 0x23 } }, { 0x23, 0, { 0xb } } }, 0x23, 2, true },
	{ "a leaf without subleaves", { { 0, 0, { 5 } }, { 5, 0, { 1 } } }, 5, 1, true },
	{ "an extended leaf", { { 0x80000000, 0, { 0x80000008 } } }, 0x80000008, 0, false },
	{ "above the last one", { { 0x80000000, 0, { 0x80000007 } } }, 0x80000008, 0, true },
	{ "no extended range in a Pentium III", { { 0, 0, { 3 } } }, 0x80000001, 0, true },
	{ "no extended range in a later one", { { 0, 0, { 5 } } }, 0x80000001, 0, false },
	{ "a hypervisor's", { { 0, 0, { 7 } } }, 0x40000000, 0, true },
	{ "IA32_ARCH_CAPABILITIES without leaf 7",
	  { { 0, 0, { 0xd } } },
	  CPUID_MSR | 0x10a,
	  0,
	  false },
	{ "it in a processor without that leaf", { { 0, 0, { 6 } } }, CPUID_MSR | 0x10a, 0, true },
	{ "it with leaf 7",
	  { { 0, 0, { 7 } }, { 7, 0, { 0, 0, 0, ~0u } } },
	  CPUID_MSR | 0x10a,
	  0,
	  false },
	{ "it where leaf 7 does not have it",
	  { { 0, 0, { 7 } }, { 7, 0, { 0 } } },
	  CPUID_MSR | 0x10a,
	  0,
	  true },
	{ "VMX without leaf 1", { { 0, 0, { 7 } } }, CPUID_MSR | 0x480, 0, false },
};

static void what_a_dump_does_not_contain_is_unknown(void **state)
{

	(void)state;
	for (size_t i = 0; i < COUNT(known_cases); i++) {
		const struct known_case *c = &known_cases[i];

		set.count = 0;
		for (size_t k = 0; k < COUNT(c->leaf); k++)
			if (k == 0 || c->leaf[k].leaf)
				*cpuid_insert(&set, c->leaf[k].leaf, c->leaf[k].subleaf) =
					c->leaf[k];
		if (cpuid_knows(&set, c->at, c->subleaf) != c->knows)
			fail_msg("%s: %08x.%02x", c->name, c->at, c->subleaf);
	}
	set.count = 0;
	put(&set, 0, 0, EAX, 0xb);
	put(&set, 4, 0, EAX, 0x121);
	put(&set, 0x80000000, 0, EAX, 0x80000000);
	uint32_t leaf = 0, subleaf = 0;
	static const uint32_t unknown[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb };
	for (size_t i = 0; i < COUNT(unknown); i++) {
		assert_true(cpuid_next_unknown(&set, &leaf, &subleaf));
		assert_int_equal(leaf, unknown[i]);
		assert_int_equal(subleaf, leaf == 4);
		leaf++;
		subleaf = 0;
	}
	assert_false(cpuid_next_unknown(&set, &leaf, &subleaf));
}

/* Leaves of zeros that were left out come back, and nothing else. */
static void a_set_without_zeros_is_completed(void **state)
{
	static struct cpuid_set whole;
	uint32_t leaf = 0, subleaf = 0;

	(void)state;
	set.count = 0;
	put(&set, 0, 0, EAX, 0xd);
	put(&set, 4, 0, EAX, 0x121);
	put(&set, 0xd, 0, EAX, 7);
	put(&set, 0x80000000, 0, EAX, 0x80000008);
	assert_true(cpuid_complete(&whole, &set));
	assert_false(cpuid_next_unknown(&whole, &leaf, &subleaf));
	/* 0 to 0dh, a second subleaf of 4, two more of 0dh, 80000000h to 80000008h */
	assert_int_equal(whole.count, 14 + 1 + 2 + 9);
	for (size_t i = 0; i < whole.count; i++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			assert_int_equal(
				whole.at[i].reg[reg],
				cpuid_value(&set, whole.at[i].leaf, whole.at[i].subleaf, reg));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks),
		cmocka_unit_test(xsave_components_have_holes),
		cmocka_unit_test(every_walk_is_bounded),
		cmocka_unit_test(too_many_leaves_are_cut_and_noted),
		cmocka_unit_test(a_set_is_cut_at_any_leaf),
		cmocka_unit_test(interfaces_of_hypervisors_end),
		cmocka_unit_test(subleaves_of_unknown_leaves_are_found),
		cmocka_unit_test(find_insert_value),
		cmocka_unit_test(vendor_and_brand),
		cmocka_unit_test(family_and_model),
		cmocka_unit_test(private_ranges_are_for_their_owners),
		cmocka_unit_test(what_a_dump_does_not_contain_is_unknown),
		cmocka_unit_test(a_set_without_zeros_is_completed),
	};

	return cmocka_run_group_tests_name("cpuid", tests, NULL, NULL);
}
