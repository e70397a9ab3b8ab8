/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid.h"

#include "base/mem.h"

const char *cpuid_register(enum cpuid_reg reg)
{
	static const char *const name[CPUID_REGS] = { "eax", "ebx", "ecx", "edx" };

	return name[reg];
}

/* Returns the index of the first entry that is not before (leaf, subleaf). */
static size_t index_of(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf)
{
	size_t lo = 0, hi = set->count;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		const struct cpuid_leaf *l = &set->at[mid];

		if (l->leaf < leaf || (l->leaf == leaf && l->subleaf < subleaf))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is_at(const struct cpuid_set *set, size_t i, uint32_t leaf, uint32_t subleaf)
{
	return i < set->count && set->at[i].leaf == leaf && set->at[i].subleaf == subleaf;
}

const struct cpuid_leaf *cpuid_find(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf)
{
	const size_t i = index_of(set, leaf, subleaf);

	return is_at(set, i, leaf, subleaf) ? &set->at[i] : NULL;
}

struct cpuid_leaf *cpuid_insert(struct cpuid_set *set, uint32_t leaf, uint32_t subleaf)
{
	const size_t i = index_of(set, leaf, subleaf);

	if (is_at(set, i, leaf, subleaf))
		return &set->at[i];
	if (set->count == CPUID_SET_MAX)
		return NULL;
	memmove(&set->at[i + 1], &set->at[i], (set->count - i) * sizeof(set->at[0]));
	set->count++;
	memset(&set->at[i], 0, sizeof(set->at[i]));
	set->at[i].leaf = leaf;
	set->at[i].subleaf = subleaf;
	return &set->at[i];
}

uint32_t cpuid_value(const struct cpuid_set *set, uint32_t leaf, uint32_t subleaf,
                     enum cpuid_reg reg)
{
	const struct cpuid_leaf *l = cpuid_find(set, leaf, subleaf);

	return l ? l->reg[reg] : 0;
}

/* The extended parts of family and model count for some base families only. */
uint32_t cpuid_family(const struct cpuid_set *set)
{
	const uint32_t eax = cpuid_value(set, 1, 0, EAX), base = eax >> 8 & 0xf;

	return base == 15 ? base + (eax >> 20 & 0xff) : base;
}

uint32_t cpuid_model(const struct cpuid_set *set)
{
	const uint32_t eax = cpuid_value(set, 1, 0, EAX), base = eax >> 8 & 0xf;

	return (eax >> 4 & 0xf) | (base == 6 || base == 15 ? eax >> 12 & 0xf0 : 0);
}

int cpuid_compare(const struct cpuid_set *a, const struct cpuid_set *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct cpuid_leaf *x = &a->at[i], *y = &b->at[i];

		if (x->leaf != y->leaf)
			return x->leaf < y->leaf ? -1 : 1;
		if (x->subleaf != y->subleaf)
			return x->subleaf < y->subleaf ? -1 : 1;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			if (x->reg[reg] != y->reg[reg])
				return x->reg[reg] < y->reg[reg] ? -1 : 1;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			if (x->unknown[reg] != y->unknown[reg])
				return x->unknown[reg] < y->unknown[reg] ? -1 : 1;
	}
	return a->count == b->count ? 0 : a->count < b->count ? -1 : 1;
}

static void put_register(char *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (char)(value >> 8 * i & 0xff);
}

void cpuid_vendor(const struct cpuid_set *set, char vendor[static 13])
{
	put_register(vendor, cpuid_value(set, 0, 0, EBX));
	put_register(vendor + 4, cpuid_value(set, 0, 0, EDX));
	put_register(vendor + 8, cpuid_value(set, 0, 0, ECX));
	vendor[12] = '\0';
}

void cpuid_brand(const struct cpuid_set *set, char brand[static 49])
{
	for (uint32_t leaf = 0; leaf < 3; leaf++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			put_register(brand + 16 * leaf + 4 * reg,
			             cpuid_value(set, 0x80000002 + leaf, 0, (enum cpuid_reg)reg));
	brand[48] = '\0';
}

bool cpuid_guest(const struct cpuid_set *set, char hypervisor[static 13])
{
	for (unsigned i = 0; i < 3; i++)
		put_register(hypervisor + 4 * i,
		             cpuid_value(set, 0x40000000, 0, (enum cpuid_reg)(EBX + i)));
	hypervisor[12] = '\0';
	return cpuid_value(set, 1, 0, ECX) >> 31;
}
