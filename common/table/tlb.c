/* SPDX-License-Identifier: MIT */
#include "table/cache.h"
#include "table/cpu_model.h"

static const struct descriptor {
	uint8_t number;
	struct tlb tlb;
} descriptors[] = {
#define K4 PAGES_4K
#define M2 PAGES_2M
#define M4 PAGES_4M
#define G1 PAGES_1G
#define CACHE(...)
#define TLB(descriptor, level, type, pages, entries, ways) \
	{ descriptor, { level, TLB_##type, pages, ways, entries } },
#include "table/cache_descriptor.def"
#undef CACHE
#undef TLB
#undef K4
#undef M2
#undef M4
#undef G1
};

static size_t take_descriptors(const struct cpuid_set *set, struct tlb *list)
{
	unsigned next = 0, number;
	size_t count = 0;

	while ((number = cache_descriptor(set, &next)))
		for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++)
			if (descriptors[i].number == number && count < TLBS_MAX)
				list[count++] = descriptors[i].tlb;
	return count;
}

/* Subleaves that are not in use have type 0, and may come between others. */
static size_t take_leaf_18(const struct cpuid_set *set, struct tlb *list, bool *known)
{
	const uint32_t last = cpuid_value(set, 0x18, 0, EAX);
	size_t count = 0;

	*known = cpuid_unknown(set, 0x18, 0, EAX) == 0;
	for (uint32_t i = 0; i <= last && i <= CPUID_SUBLEAF_MAX && count < TLBS_MAX; i++) {
		const uint32_t ebx = cpuid_value(set, 0x18, i, EBX);
		const uint32_t edx = cpuid_value(set, 0x18, i, EDX), ways = ebx >> 16;

		*known = *known && cpuid_unknown(set, 0x18, i, EDX) == 0;
		if ((edx & 0x1f) < TLB_DATA || (edx & 0x1f) > TLB_STORE)
			continue;
		list[count++] = (struct tlb){
			.level = edx >> 5 & 7,
			.type = edx & 0x1f,
			.pages = ebx & 0xf,
			.ways = edx >> 8 & 1 ? WAYS_ALL : (uint16_t)ways,
			.entries = ways * cpuid_value(set, 0x18, i, ECX),
		};
	}
	return count;
}

static void add(struct tlb *list, size_t *count, const struct tlb *tlb)
{
	if (tlb->entries)
		list[(*count)++] = *tlb;
}

/* Level 1 in leaf 80000005H: data in the upper half, instructions in the lower one. */
static void add_first(struct tlb *list, size_t *count, uint32_t value, uint8_t pages)
{
	for (unsigned half = 0; half < 2; half++) {
		const uint32_t at = half ? value & 0xffff : value >> 16, ways = at >> 8;

		add(list, count,
		    &(struct tlb){ 1, half ? TLB_CODE : TLB_DATA, pages,
		                   ways == 0xff ? WAYS_ALL : (uint16_t)ways, at & 0xff });
	}
}

/*
 * The same halves with 12 bits of entries and 4 of associativity.  If the upper one of level 2 is
 * zero, the lower one is for data too.
 */
static void add_coded(struct tlb *list, size_t *count, uint32_t value, uint8_t level, uint8_t pages,
                      uint32_t scale)
{
	for (unsigned half = 0; half < 2; half++) {
		const uint32_t at = half ? value & 0xffff : value >> 16;
		const bool both = half && level == 2 && value >> 16 == 0;

		if (at >> 12)
			add(list, count,
			    &(struct tlb){ level,
			                   both   ? TLB_UNIFIED
			                   : half ? TLB_CODE
			                          : TLB_DATA,
			                   pages, cache_ways(at >> 12), (at & 0xfff) * scale });
	}
}

static size_t take_amd(const struct cpuid_set *set, struct tlb *list)
{
	const uint32_t scale = feature_value(set, F_L2TLB_SIZE_X32) ? 32 : 1;
	size_t count = 0;

	add_first(list, &count, cpuid_value(set, 0x80000005, 0, EBX), PAGES_4K);
	add_first(list, &count, cpuid_value(set, 0x80000005, 0, EAX), PAGES_2M);
	add_coded(list, &count, cpuid_value(set, 0x80000019, 0, EAX), 1, PAGES_1G, 1);
	add_coded(list, &count, cpuid_value(set, 0x80000006, 0, EBX), 2, PAGES_4K, scale);
	add_coded(list, &count, cpuid_value(set, 0x80000006, 0, EAX), 2, PAGES_2M, scale);
	add_coded(list, &count, cpuid_value(set, 0x80000019, 0, EBX), 2, PAGES_1G, scale);
	return count;
}

/* Sorts by level, then by type, then by page size. */
static void sort(struct tlb *list, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0; k--) {
			const struct tlb t = list[k], *p = &list[k - 1];

			if (p->level * 256 + p->type * 16 + p->pages <=
			    t.level * 256 + t.type * 16 + t.pages)
				break;
			list[k] = list[k - 1];
			list[k - 1] = t;
		}
}

size_t tlb_list(const struct cpuid_set *set, struct tlb list[static TLBS_MAX],
                enum cache_source *source)
{
	const bool intel = cpu_model_vendor(set) == CPU_INTEL;
	bool known = true;
	size_t count = 0;

	*source = CACHE_LEAVES;
	if (intel)
		count = take_leaf_18(set, list, &known);
	if (!count && known && intel) {
		*source = CACHE_DESCRIPTORS;
		known = cpuid_unknown(set, 2, 0, EAX) == 0;
		count = take_descriptors(set, list);
	} else if (!count && known) {
		*source = CACHE_AMD;
		known = cpuid_unknown(set, 0x80000005, 0, EBX) == 0 &&
		        cpuid_unknown(set, 0x80000006, 0, EBX) == 0;
		count = take_amd(set, list);
	}
	if (!known)
		*source = CACHE_UNKNOWN;
	else if (!count)
		*source = CACHE_NONE;
	sort(list, count);
	return count;
}
