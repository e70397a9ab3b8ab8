/* SPDX-License-Identifier: MIT */
/*
 * Caches and TLBs out of each of the leaves that describe them.  The encodings are those of Intel's
 * SDM, volume 2A, CPUID, leaves 2, 4 and 18H, and of AMD's APM, volume 3, E.4.4, E.4.5, E.4.13 and
 * E.4.16.
 */
#include "report/caches.h"
#include "table/cpu_model.h"
#include "unit.h"

static const char *const sources[] = { "unknown", "leaves", "descriptors", "amd", "none" };

/* One word for each cache: level, type, size, ways, line, what shares it. */
static const char *spell_caches(const struct cpuid_set *set)
{
	static const char types[] = "?diut", shared[] = "bcnp";
	static char line[1024];
	struct cache list[CACHES_MAX];
	enum cache_source source;
	const size_t count = cache_list(set, list, &source);
	size_t used = (size_t)snprintf(line, sizeof(line), "%s", sources[source]);

	for (const struct cache *c = list; c < list + count; c++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, " L%u%c:%u/%x/%u%c%u%s",
		                         c->level, types[c->type], c->kib, c->ways, c->line,
		                         shared[c->shared], c->bits, c->inclusive ? "i" : "");
	return line;
}

static const char *spell_tlbs(const struct cpuid_set *set)
{
	static const char types[] = "?diuls";
	static char line[1024];
	struct tlb list[TLBS_MAX];
	enum cache_source source;
	const size_t count = tlb_list(set, list, &source);
	size_t used = (size_t)snprintf(line, sizeof(line), "%s", sources[source]);

	for (const struct tlb *t = list; t < list + count; t++)
		used += (size_t)snprintf(line + used, sizeof(line) - used, " L%u%c:%x:%u/%x",
		                         t->level, types[t->type], t->pages, t->entries, t->ways);
	return line;
}

#define INTEL(last)                                              \
	{                                                        \
		0, 0,                                            \
		{                                                \
			last, 0x756e6547, 0x6c65746e, 0x49656e69 \
		}                                                \
	}
#define AMD(last)                                                \
	{                                                        \
		0, 0,                                            \
		{                                                \
			last, 0x68747541, 0x444d4163, 0x69746e65 \
		}                                                \
	}
#define SHANGHAI(last)                                           \
	{                                                        \
		0, 0,                                            \
		{                                                \
			last, 0x68532020, 0x20206961, 0x68676e61 \
		}                                                \
	}
#define EXTENDED(last)                \
	{                             \
		0x80000000, 0,        \
		{                     \
			last, 0, 0, 0 \
		}                     \
	}
/* Of leaves 4 and 8000001DH: type, level, processors that share it; ways, sets; flags of EDX. */
#define CACHE(leaf, subleaf, type, level, sharing, ways, sets, flags)                        \
	{                                                                                    \
		leaf, subleaf,                                                               \
		{                                                                            \
			(type) | (level) << 5 | ((sharing)-1) << 14, ((ways)-1U) << 22 | 63, \
				(sets)-1, flags                                              \
		}                                                                            \
	}

static const struct {
	const char *what;
	struct cpuid_leaf leaf[8];
	const char *caches;
} cases[] = {
	{ "nothing is said", { { 1, 0, { 0 } } }, "unknown" },
	{ "leaf 4",
	  { INTEL(4),
	    CACHE(4, 0, 1, 1, 2, 8, 64, 0),
	    CACHE(4, 1, 2, 1, 2, 4, 128, 0),
	    CACHE(4, 2, 3, 2, 2, 8, 512, 0),
	    CACHE(4, 3, 3, 3, 16, 12, 8192, 2),
	    { 4, 4, { 0 } } },
	  "leaves L1d:32/8/64b1 L1i:32/4/64b1 L2u:256/8/64b1 L3u:6144/c/64b4i" },
	{ "leaf 4, not in order",
	  { INTEL(4),
	    CACHE(4, 0, 3, 2, 1, 8, 512, 0),
	    CACHE(4, 1, 2, 1, 1, 8, 64, 0),
	    CACHE(4, 2, 1, 1, 1, 8, 64, 0),
	    { 4, 3, { 0 } } },
	  "leaves L1d:32/8/64b0 L1i:32/8/64b0 L2u:256/8/64b0" },
	{ "all ways",
	  { INTEL(4), CACHE(4, 0, 0x201, 1, 1, 1, 64, 0), { 4, 1, { 0 } } },
	  "leaves L1d:4/ffff/64b0" },
	{ "leaf 4 that is cut", { INTEL(4), { 1, 0, { 0 } } }, "unknown" },
	{ "no leaf 4, none of 2", { INTEL(1), { 1, 0, { 0 } } }, "none" },
	{ "descriptors",
	  { INTEL(2), { 2, 0, { 0x00002c01, 0, 0x49, 0 } } },
	  "descriptors L1d:32/8/64c0 L2u:4096/10/64c0" },
	{ "the same of Tulsa",
	  { INTEL(2), { 1, 0, { 0xf64 } }, { 2, 0, { 0x00002c01, 0, 0x49, 0 } } },
	  "descriptors L1d:32/8/64c0 L3u:4096/10/64c0" },
	{ "a register without descriptors",
	  { INTEL(2), { 2, 0, { 0x00002c01, 0x80000049, 0, 0 } } },
	  "descriptors L1d:32/8/64c0" },
	{ "AMD's first leaves",
	  { AMD(1),
	    EXTENDED(0x80000008),
	    { 0x80000005, 0, { 0, 0, 0x40020140, 0x40ff0140 } },
	    { 0x80000006, 0, { 0, 0, 0x02008140, 0 } } },
	  "amd L1d:64/2/64c0 L1i:64/ffff/64c0 L2u:512/10/64c0" },
	{ "with level 3",
	  { AMD(1),
	    EXTENDED(0x80000008),
	    { 1, 0, { 0x00100f42 } },
	    { 0x80000006, 0, { 0, 0, 0x02008140, 0x0030b140 } } },
	  "unknown L2u:512/10/64c0 L3u:6144/30/64p0" },
	{ "two nodes in a package",
	  { AMD(1),
	    EXTENDED(0x80000006),
	    { 1, 0, { 0x00100f91 } },
	    { 0x80000005, 0, { 0 } },
	    { 0x80000006, 0, { 0, 0, 0, 0x0060d140 } } },
	  "amd L3u:6144/30/64n0" },
	{ "AMD's newer leaf",
	  { AMD(1),
	    EXTENDED(0x8000001d),
	    CACHE(0x8000001d, 0, 1, 1, 2, 8, 64, 0),
	    CACHE(0x8000001d, 1, 3, 3, 16, 16, 16384, 0),
	    { 0x8000001d, 2, { 0 } } },
	  "leaves L1d:32/8/64b1 L3u:16384/10/64b4" },
	{ "two nodes by leaf 8000001EH",
	  { AMD(1),
	    EXTENDED(0x8000001e),
	    { 1, 0, { 0x00600f12 } },
	    CACHE(0x8000001d, 0, 3, 3, 8, 64, 2048, 0),
	    { 0x8000001d, 1, { 0 } },
	    { 0x8000001e, 0, { 0, 0, 0x100, 0 } } },
	  "leaves L3u:8192/40/64n3" },
	{ "Zhaoxin",
	  { SHANGHAI(4), CACHE(4, 0, 1, 1, 1, 8, 64, 0), { 4, 1, { 0 } }, EXTENDED(0x80000008) },
	  "leaves L1d:32/8/64b0" },
};

static void set_of(struct cpuid_set *set, const struct cpuid_leaf *leaf, size_t count)
{
	set->count = 0;
	for (size_t i = 0; i < count && (i == 0 || leaf[i].leaf); i++)
		*cpuid_insert(set, leaf[i].leaf, leaf[i].subleaf) = leaf[i];
}

static void caches_are_listed(void **state)
{
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		set_of(&set, cases[i].leaf, COUNT(cases[i].leaf));
		const char *seen = spell_caches(&set);
		if (strcmp(seen, cases[i].caches) != 0)
			fail_msg("%s: %s", cases[i].what, seen);
	}
}

static const struct {
	const char *what;
	struct cpuid_leaf leaf[8];
	const char *tlbs;
} tlb_cases[] = {
	{ "nothing is said", { { 1, 0, { 0 } } }, "unknown" },
	{ "leaf 18H, with one that is not in use",
	  { INTEL(0x18),
	    { 0x18, 0, { 3, 0, 0, 0 } },
	    { 0x18, 1, { 0, 0x00040001, 16, 0x21 } },
	    { 0x18, 2, { 0, 0, 0, 0 } },
	    { 0x18, 3, { 0, 0x00010003, 16, 0x122 } },
	    { 2, 0, { 0 } } },
	  "leaves L1d:1:64/4 L1i:3:16/ffff" },
	{ "descriptors",
	  { INTEL(2), { 2, 0, { 0x00005501, 0, 0, 0 } } },
	  "descriptors L1i:6:7/ffff" },
	{ "AMD",
	  { AMD(1),
	    EXTENDED(0x80000019),
	    { 0x80000005, 0, { 0xff20ff40, 0x04200440, 0, 0 } },
	    { 0x80000006, 0, { 0, 0x42004200, 0, 0 } },
	    { 0x80000019, 0, { 0xf040f000, 0x0000f040, 0, 0 } } },
	  "amd L1d:1:32/4 L1d:2:32/ffff L1d:8:64/ffff L1i:1:64/4 L1i:2:64/ffff L2d:1:512/4 "
	  "L2i:1:512/4 L2u:8:64/ffff" },
	{ "AMD, of which less is known", { AMD(1), EXTENDED(0x80000006) }, "unknown" },
	{ "AMD without TLBs", { AMD(1), EXTENDED(0x80000004) }, "none" },
};

static void tlbs_are_listed(void **state)
{
	static struct cpuid_set set;

	(void)state;
	for (size_t i = 0; i < COUNT(tlb_cases); i++) {
		set_of(&set, tlb_cases[i].leaf, COUNT(tlb_cases[i].leaf));
		const char *seen = spell_tlbs(&set);
		if (strcmp(seen, tlb_cases[i].tlbs) != 0)
			fail_msg("%s: %s", tlb_cases[i].what, seen);
	}
}

/*
 * Magny-Cours: twelve cores in a package of two nodes.  Leaf 80000008H counts them, 8000001EH tells
 * their nodes.
 */
static void nodes_have_their_own_caches(void **state)
{
	static const struct control unknown;
	static struct cpuid_set set;
	static struct report r;
	struct machine_cache list[MACHINE_CACHES_MAX];
	enum cache_source source;

	(void)state;
	for (unsigned told = 0; told < 2; told++) {
		report_start(&r);
		for (uint16_t i = 0; i < 24; i++) {
			const uint32_t apic = i < 12 ? i : i + 4U;
			const struct cpuid_leaf leaf[] = {
				AMD(1),
				{ 1, 0, { 0x00100f91, apic << 24 | 12 << 16, 0, 1U << 28 } },
				EXTENDED(told ? 0x8000001e : 0x80000008),
				{ 0x80000005, 0, { 0, 0, 0x40020140, 0 } },
				{ 0x80000006, 0, { 0, 0, 0, 0x0060d140 } },
				{ 0x80000008, 0, { 0, 0, 0x400b, 0 } },
				{ 0x8000001d, 0, { 0 } },
				{ 0x8000001e, 0, { apic, 0, 0x100 | i / 6, 0 } },
			};

			set_of(&set, leaf, told ? COUNT(leaf) : COUNT(leaf) - 2);
			assert_true(report_add(&r, i, &unknown, &set));
		}
		assert_int_equal(caches_take(&r, list, &source), 2);
		assert_int_equal(source, CACHE_AMD);
		assert_int_equal(list[0].count, 24);
		assert_int_equal(list[1].cache.kib, 6144);
		assert_int_equal(list[1].count, 4);
		assert_int_equal(list[1].least, 6);
		assert_int_equal(list[1].most, 6);
		assert_int_equal(list[1].processors, 24);
	}
	/* Two processors with one APIC ID: nobody knows what they share. */
	r.processors = 2;
	r.processor[1] = r.processor[0];
	caches_take(&r, list, &source);
	assert_int_equal(list[1].count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caches_are_listed),
		cmocka_unit_test(tlbs_are_listed),
		cmocka_unit_test(nodes_have_their_own_caches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
