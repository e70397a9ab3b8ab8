/* SPDX-License-Identifier: MIT */
#include "table/cache.h"

#include "table/cpu_model.h"

static const struct descriptor {
	uint8_t number;
	struct cache cache;
} descriptors[] = {
#define CACHE(descriptor, level, type, kib, ways, line)                                            \
	{ descriptor,                                                                              \
	  { level, CACHE_##type, (level) > 2 ? SHARED_PACKAGE : SHARED_CORE, 0, false, ways, line, \
	    kib } },
#define TLB(...)
#include "table/cache_descriptor.def"
#undef CACHE
#undef TLB
};

unsigned cache_descriptor(const struct cpuid_set *set, unsigned *next)
{
	while (*next < 4 * CPUID_REGS) {
		const unsigned i = (*next)++;
		const uint32_t value = cpuid_value(set, 2, 0, (enum cpuid_reg)(i / 4));

		const unsigned byte = value >> i % 4 * 8 & 0xff;

		/* The lowest byte of EAX is a count; bit 31 says that a register has none. */
		if (i > 0 && !(value >> 31) && byte)
			return byte;
	}
	return 0;
}

/* Returns how many bits hold 0 to count - 1. */
static uint8_t bits_for(uint32_t count)
{
	uint8_t bits = 0;

	while (bits < 31 && UINT32_C(1) << bits < count)
		bits++;
	return bits;
}

/* Reads a subleaf of leaf 4 or 8000001DH.  Returns false if it is not a cache: it is the end. */
static bool take_subleaf(const struct cpuid_leaf *l, struct cache *c)
{
	const uint32_t ways = (l->reg[EBX] >> 22) + 1, line = (l->reg[EBX] & 0xfff) + 1;
	const uint32_t parts = (l->reg[EBX] >> 12 & 0x3ff) + 1;
	const uint64_t size = (uint64_t)ways * parts * line * ((uint64_t)l->reg[ECX] + 1);

	*c = (struct cache){
		.level = (uint8_t)(l->reg[EAX] >> 5 & 7),
		.type = (uint8_t)(l->reg[EAX] & 0x1f),
		.shared = SHARED_BITS,
		.bits = bits_for((l->reg[EAX] >> 14 & 0xfff) + 1),
		.inclusive = l->reg[EDX] >> 1 & 1,
		.ways = l->reg[EAX] >> 9 & 1 ? WAYS_ALL : (uint16_t)ways,
		.line = (uint16_t)line,
		.kib = (uint32_t)(size / 1024),
	};
	return c->type >= CACHE_DATA && c->type <= CACHE_UNIFIED;
}

/* Lists what leaf 4 or 8000001DH describes.  *known: the set has all of its subleaves. */
static size_t take_leaf(const struct cpuid_set *set, uint32_t leaf, struct cache *list, bool *known)
{
	size_t count = 0;

	*known = true;
	for (uint32_t subleaf = 0; count < CACHES_MAX; subleaf++) {
		const struct cpuid_leaf *l = cpuid_find(set, leaf, subleaf);

		if (cpuid_unknown(set, leaf, subleaf, EAX) & 0x1f) {
			*known = false;
			break;
		}
		if (!l || !take_subleaf(l, &list[count]))
			break;
		count++;
	}
	return count;
}

static size_t take_descriptors(const struct cpuid_set *set, struct cache *list)
{
	const bool tulsa = cpuid_family(set) == 15 && cpuid_model(set) == 6;
	unsigned next = 0, number;
	size_t count = 0;

	while ((number = cache_descriptor(set, &next)))
		for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++)
			if (descriptors[i].number == number && count < CACHES_MAX) {
				list[count] = descriptors[i].cache;
				if (number == 0x49 && tulsa)
					list[count].level = 3;
				count++;
			}
	return count;
}

uint16_t cache_ways(uint32_t code)
{
	static const uint16_t ways[] = { 0,  1, 2,  3,  4,  6,  8,   0,
		                         16, 0, 32, 48, 64, 96, 128, WAYS_ALL };

	return ways[code & 0xf];
}

static uint16_t ways_l1(uint32_t ways)
{
	return ways == 0xff ? WAYS_ALL : (uint16_t)ways;
}

static size_t take_amd(const struct cpuid_set *set, struct cache *list)
{
	const uint32_t data = cpuid_value(set, 0x80000005, 0, ECX);
	const uint32_t code = cpuid_value(set, 0x80000005, 0, EDX);
	const uint32_t l2 = cpuid_value(set, 0x80000006, 0, ECX);
	const uint32_t l3 = cpuid_value(set, 0x80000006, 0, EDX);
	const struct cache all[] = {
		{ 1, CACHE_DATA, SHARED_CORE, 0, false, ways_l1(data >> 16 & 0xff), data & 0xff,
		  data >> 24 },
		{ 1, CACHE_CODE, SHARED_CORE, 0, false, ways_l1(code >> 16 & 0xff), code & 0xff,
		  code >> 24 },
		{ 2, CACHE_UNIFIED, SHARED_CORE, 0, false, cache_ways(l2 >> 12), l2 & 0xff,
		  l2 >> 16 },
		{ 3, CACHE_UNIFIED, SHARED_PACKAGE, 0, false, cache_ways(l3 >> 12), l3 & 0xff,
		  (l3 >> 18) * 512 },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].kib)
			list[count++] = all[i];
	return count;
}

/*
 * Opterons of AMD's families 10H and 15H may be two nodes in a package, each with its own level 3.
 * Leaf 80000006H of Magny-Cours has both together.  A node of six processors has APIC IDs that do
 * not begin at a power of two, so leaf 8000001DH does not tell which they are. Linux,
 * arch/x86/kernel/cpu/cacheinfo.c: X86_FEATURE_AMD_DCM, cacheinfo_amd_init_llc_id.
 */
static void split_nodes(const struct cpuid_set *set, struct cache *list, size_t count)
{
	const unsigned family = cpuid_family(set);
	const bool magny_cours = family == 0x10 && cpuid_model(set) == 9;
	const bool nodes = family == 0x15 && (cpuid_value(set, 0x8000001e, 0, ECX) >> 8 & 7) > 0;

	for (struct cache *c = list; c < list + count; c++) {
		if (c->level != 3 || (!nodes && !magny_cours))
			continue;
		c->shared = SHARED_NODE;
		if (magny_cours) {
			c->kib /= 2;
			c->ways /= 2;
		}
	}
}

/* Sorts by level; of one level, data before instructions. */
static void sort(struct cache *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0; k--) {
			const struct cache c = list[k];

			if (list[k - 1].level * 8 + list[k - 1].type <= c.level * 8 + c.type)
				break;
			list[k] = list[k - 1];
			list[k - 1] = c;
		}
}

/* Whether a set says what is in a leaf, or that it is not there. */
static bool leaf_known(const struct cpuid_set *set, uint32_t leaf, enum cpuid_reg reg)
{
	return cpuid_unknown(set, leaf, 0, reg) == 0;
}

size_t cache_list(const struct cpuid_set *set, struct cache list[static CACHES_MAX],
                  enum cache_source *source)
{
	/* AMD leaves leaf 4 empty, and Intel the other one; Zhaoxin has leaf 4. */
	static const uint32_t leaves[] = { 0x8000001d, 4 };
	const enum cpu_vendor vendor = cpu_model_vendor(set);
	const bool intel = vendor == CPU_INTEL, amd = vendor == CPU_AMD || vendor == CPU_HYGON;
	bool known = true, whole = true;
	size_t count = 0;

	*source = CACHE_LEAVES;
	for (size_t i = intel; i < (amd ? 1 : 2) && !count; i++) {
		count = take_leaf(set, leaves[i], list, &whole);
		known = whole && (known || count);
	}
	if (!count && known && intel) {
		*source = CACHE_DESCRIPTORS;
		known = leaf_known(set, 2, EAX);
		count = take_descriptors(set, list);
	} else if (!count && known) {
		*source = CACHE_AMD;
		known = leaf_known(set, 0x80000005, ECX) && leaf_known(set, 0x80000006, ECX);
		count = take_amd(set, list);
	}
	if (amd)
		split_nodes(set, list, count);
	if (!known)
		*source = CACHE_UNKNOWN;
	else if (!count)
		*source = CACHE_NONE;
	sort(list, count);
	return count;
}
