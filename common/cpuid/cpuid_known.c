/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid.h"
#include "cpuid/subleaves.h"

/* The ranges that processors of several vendors have.  Of others nothing is expected. */
static const struct range {
	uint32_t first, limit;
} ranges[] = {
	{ 0, 0xffff },
	{ 0x80000000, 0x8000ffff },
};

#define RANGES (sizeof(ranges) / sizeof(ranges[0]))

/* Every processor with this basic leaf has the extended range; a Pentium III has neither. */
#define LEAF_WITH_EXTENDED 4

static const struct range *range_of(uint32_t leaf)
{
	for (size_t i = 0; i < RANGES; i++)
		if (leaf >= ranges[i].first && leaf <= ranges[i].limit)
			return &ranges[i];
	return NULL;
}

/* True if the processor may have the leaf, according to the first leaf of its range. */
static bool may_have(const struct cpuid_set *set, uint32_t leaf)
{
	const struct range *range = range_of(leaf);

	if (!range)
		return false;
	const struct cpuid_leaf *first = cpuid_find(set, range->first, 0);
	if (first)
		return leaf <= first->reg[EAX];
	return range->first == 0 || !cpuid_find(set, 0, 0) ||
	       cpuid_value(set, 0, 0, EAX) >= LEAF_WITH_EXTENDED;
}

/*
 * True if a subleaf before this one ends the list, or if no subleaf from this one on is there and
 * some beside the first are: cpuid -r leaves out the subleaf that ends the list.
 */
static bool has_ended(const struct cpuid_set *set, const struct subleaves *s, uint32_t leaf,
                      uint32_t subleaf)
{
	uint32_t last = 0;

	for (uint32_t sub = s->first; sub < subleaf && sub <= CPUID_SUBLEAF_MAX; sub++) {
		const struct cpuid_leaf *l = cpuid_find(set, leaf, sub);

		if (l && !(l->reg[s->reg] & s->mask))
			return true;
	}
	for (uint32_t sub = s->first; sub <= CPUID_SUBLEAF_MAX; sub++)
		last = cpuid_find(set, leaf, sub) ? sub : last;
	return last > s->first && subleaf > last;
}

/* True if leaf 0DH does not have this subleaf: both bitmaps are there, and neither names it. */
static bool has_no_state(const struct cpuid_set *set, const struct cpuid_leaf *zero,
                         uint32_t subleaf)
{
	const struct cpuid_leaf *one = cpuid_find(set, zero->leaf, 1);

	return subleaf > 1 && one && !(subleaves_states(zero, one) >> subleaf & 1);
}

/*
 * True if the processor does not have a register that lists features, according to CPUID: for
 * IA32_ARCH_CAPABILITIES and IA32_CORE_CAPABILITIES leaf 7 EDX, for IA32_PERF_CAPABILITIES and VMX
 * leaf 1 ECX.
 */
static bool has_no_msr(const struct cpuid_set *set, uint32_t number)
{
	switch (number) {
	case 0xcf:
		return !(cpuid_value(set, 7, 0, EDX) >> 30 & 1);
	case 0x10a:
		return !(cpuid_value(set, 7, 0, EDX) >> 29 & 1);
	case 0x345:
		return !(cpuid_value(set, 1, 0, ECX) >> 15 & 1);
	default:
		return !(cpuid_value(set, 1, 0, ECX) >> 5 & 1);
	}
}

bool cpuid_knows(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf)
{
	const struct subleaves s = subleaves_of(leaf);

	if (leaf >= CPUID_MSR)
		return cpuid_find(set, leaf, subleaf) || has_no_msr(set, leaf - CPUID_MSR);
	if (cpuid_find(set, leaf, subleaf) || !may_have(set, leaf))
		return true;
	const struct cpuid_leaf *zero = cpuid_find(set, leaf, 0);
	if (!zero || subleaf > CPUID_SUBLEAF_MAX)
		return zero != NULL;
	switch (s.stop) {
	case STOP_NONE:
	case STOP_PROBE:
		return true;
	case STOP_COUNT:
		return subleaf > zero->reg[EAX];
	case STOP_FIELD:
		return has_ended(set, &s, leaf, subleaf);
	case STOP_BITS:
		return subleaf >= 32 || !(zero->reg[s.reg] >> subleaf & 1);
	case STOP_XSAVE:
		return has_no_state(set, zero, subleaf);
	}
	return true;
}

bool cpuid_next_unknown(const struct cpuid_set *set, uint32_t *leaf, uint32_t *subleaf)
{
	for (;;) {
		const struct range *range = range_of(*leaf);

		if (!range && *leaf > ranges[RANGES - 1].limit)
			return false;
		if (!range || !may_have(set, *leaf)) {
			/* To the next range; the last one is followed by none. */
			*leaf = *leaf < ranges[1].first ? ranges[1].first : ranges[1].limit + 1;
			*subleaf = 0;
			continue;
		}
		for (; *subleaf <= CPUID_SUBLEAF_MAX; ++*subleaf)
			if (!cpuid_knows(set, *leaf, *subleaf))
				return true;
		++*leaf;
		*subleaf = 0;
	}
}

/* Returns what the set has; an absent leaf is zero. */
static void exec_set(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	for (unsigned i = 0; i < CPUID_REGS; i++)
		reg[i] = cpuid_value(ctx, leaf, subleaf, (enum cpuid_reg)i);
}

bool cpuid_complete(struct cpuid_set *to, const struct cpuid_set *from)
{
	struct cpuid_set set = *from;

	if (!cpuid_collect(to, exec_set, &set))
		return false;
	for (const struct cpuid_leaf *l = from->at; l < from->at + from->count; l++) {
		struct cpuid_leaf *same = cpuid_insert(to, l->leaf, l->subleaf);

		if (!same)
			return false;
		*same = *l;
	}
	return true;
}
