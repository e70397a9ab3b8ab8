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

/* A set, and the one that has its unknown bits: often the same. */
struct known {
	const struct cpuid_set *set, *unknown;
};

/* Returns a register of an entry of the set with its unknown bits set: the most that it can say. */
static uint32_t most(const struct known *k, const struct cpuid_leaf *l, enum cpuid_reg reg)
{
	return l->reg[reg] | k->unknown->at[l - k->set->at].unknown[reg];
}

/* True if the processor may have the leaf, according to the first leaf of its range. */
static bool may_have(const struct known *k, uint32_t leaf)
{
	const struct range *range = range_of(leaf);

	if (!range)
		return false;
	const struct cpuid_leaf *first = cpuid_find(k->set, range->first, 0);
	if (first)
		return leaf <= most(k, first, EAX);
	const struct cpuid_leaf *basic = cpuid_find(k->set, 0, 0);
	return range->first == 0 || !basic || most(k, basic, EAX) >= LEAF_WITH_EXTENDED;
}

/*
 * True if a subleaf before this one ends the list, or if no subleaf from this one on is there and
 * some beside the first are: cpuid -r leaves out the subleaf that ends the list.
 */
static bool has_ended(const struct known *k, const struct subleaves *s, uint32_t leaf,
                      uint32_t subleaf)
{
	const struct cpuid_leaf *const end = k->set->at + k->set->count;
	const struct cpuid_leaf *l = cpuid_find(k->set, leaf, 0);
	uint32_t last = 0;

	for (; l && l < end && l->leaf == leaf && l->subleaf <= CPUID_SUBLEAF_MAX; l++) {
		if (l->subleaf < s->first)
			continue;
		if (l->subleaf < subleaf && !(most(k, l, s->reg) & s->mask))
			return true;
		last = l->subleaf;
	}
	return last > s->first && subleaf > last;
}

/* True if leaf 0DH does not have this subleaf: both bitmaps are there, and neither names it. */
static bool has_no_state(const struct known *k, const struct cpuid_leaf *zero, uint32_t subleaf)
{
	const struct cpuid_leaf *one = cpuid_find(k->set, zero->leaf, 1);
	struct cpuid_leaf maps[2];

	if (subleaf <= 1 || !one)
		return false;
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		maps[0].reg[reg] = most(k, zero, (enum cpuid_reg)reg);
		maps[1].reg[reg] = most(k, one, (enum cpuid_reg)reg);
	}
	return !(subleaves_states(&maps[0], &maps[1]) >> subleaf & 1);
}

/* True if a bit of the first subleaf of a leaf is known to be 0, or the leaf known not to exist. */
static bool is_clear(const struct known *k, uint32_t leaf, enum cpuid_reg reg, unsigned bit)
{
	const struct cpuid_leaf *l = cpuid_find(k->set, leaf, 0);

	return l ? !(most(k, l, reg) >> bit & 1) : !may_have(k, leaf);
}

/*
 * True if the processor does not have a register that lists features, according to CPUID: for
 * IA32_ARCH_CAPABILITIES and IA32_CORE_CAPABILITIES leaf 7 EDX, for IA32_PERF_CAPABILITIES and VMX
 * leaf 1 ECX.
 */
static bool has_no_msr(const struct known *k, uint32_t number)
{
	switch (number) {
	case 0xcf:
		return is_clear(k, 7, EDX, 30);
	case 0x10a:
		return is_clear(k, 7, EDX, 29);
	case 0x345:
		return is_clear(k, 1, ECX, 15);
	default:
		return is_clear(k, 1, ECX, 5);
	}
}

bool cpuid_knows_with(const struct cpuid_set *set, const struct cpuid_set *unknown, uint32_t leaf,
                      uint32_t subleaf)
{
	const struct known k = { set, unknown };
	const struct subleaves s = subleaves_of(leaf);

	if (leaf >= CPUID_MSR)
		return cpuid_find(set, leaf, subleaf) || has_no_msr(&k, leaf - CPUID_MSR);
	if (cpuid_find(set, leaf, subleaf) || !may_have(&k, leaf))
		return true;
	const struct cpuid_leaf *zero = cpuid_find(set, leaf, 0);
	if (!zero || subleaf > CPUID_SUBLEAF_MAX)
		return zero != NULL;
	switch (s.stop) {
	case STOP_NONE:
	case STOP_PROBE:
		break;
	case STOP_COUNT:
		return subleaf > most(&k, zero, EAX);
	case STOP_FIELD:
		return has_ended(&k, &s, leaf, subleaf);
	case STOP_BITS:
		return subleaf >= 32 || !(most(&k, zero, s.reg) >> subleaf & 1);
	case STOP_XSAVE:
		return has_no_state(&k, zero, subleaf);
	}
	return true;
}

bool cpuid_knows(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf)
{
	return cpuid_knows_with(set, set, leaf, subleaf);
}

uint32_t cpuid_unknown(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf,
                       enum cpuid_reg reg)
{
	const struct cpuid_leaf *l = cpuid_find(set, leaf, subleaf);

	if (l)
		return l->unknown[reg];
	return cpuid_knows(set, leaf, subleaf) ? 0 : UINT32_MAX;
}

/* True if cpuid_knows all subleaves after one that it knows. */
static bool knows_rest(const struct known *k, uint32_t leaf, uint32_t subleaf)
{
	const struct subleaves s = subleaves_of(leaf);
	const struct cpuid_leaf *zero = cpuid_find(k->set, leaf, 0);

	if (!zero)
		return false;
	switch (s.stop) {
	case STOP_NONE:
	case STOP_PROBE:
		break;
	case STOP_COUNT:
		return subleaf >= most(k, zero, EAX);
	case STOP_FIELD:
		return has_ended(k, &s, leaf, subleaf);
	case STOP_BITS:
		return subleaf >= 31;
	case STOP_XSAVE:
		return subleaf >= CPUID_SUBLEAF_MAX;
	}
	return true;
}

bool cpuid_next_unknown(const struct cpuid_set *set, uint32_t *leaf, uint32_t *subleaf)
{
	const struct known k = { set, set };

	for (;;) {
		const struct range *range = range_of(*leaf);

		if (!range && *leaf > ranges[RANGES - 1].limit)
			return false;
		if (!range || !may_have(&k, *leaf)) {
			/* To the next range; the last one is followed by none. */
			*leaf = *leaf < ranges[1].first ? ranges[1].first : ranges[1].limit + 1;
			*subleaf = 0;
			continue;
		}
		for (; *subleaf <= CPUID_SUBLEAF_MAX; ++*subleaf) {
			if (!cpuid_knows(set, *leaf, *subleaf))
				return true;
			if (knows_rest(&k, *leaf, *subleaf))
				break;
		}
		++*leaf;
		*subleaf = 0;
	}
}

/* Returns what the set has; an absent leaf is zero. */
static void exec_set(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	const struct cpuid_set *const *set = ctx;

	for (unsigned i = 0; i < CPUID_REGS; i++)
		reg[i] = cpuid_value(*set, leaf, subleaf, (enum cpuid_reg)i);
}

bool cpuid_complete(struct cpuid_set *to, const struct cpuid_set *from)
{
	if (!cpuid_collect(to, exec_set, &from))
		return false;
	for (const struct cpuid_leaf *l = from->at; l < from->at + from->count; l++) {
		struct cpuid_leaf *same = cpuid_insert(to, l->leaf, l->subleaf);

		if (!same)
			return false;
		*same = *l;
	}
	return true;
}
