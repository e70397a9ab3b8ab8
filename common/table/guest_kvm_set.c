/* SPDX-License-Identifier: MIT */
#include "table/guest_kvm_set.h"

#include "base/mem.h"

enum register_is { ZERO, HOSTS, BITS };

#define ANY UINT32_MAX

static const struct leaf {
	uint32_t leaf, subleaf;
	uint16_t gate;
	uint8_t reg[CPUID_REGS]; /* enum register_is */
} leaves[] = {
#define LEAF(leaf, subleaf, gate, eax, ebx, ecx, edx) \
	{ leaf, subleaf, F_##gate, { eax, ebx, ecx, edx } },
#define LAST(...)
#include "table/guest_kvm_leaf.def"
#undef LEAF
#undef LAST
};

static const struct last {
	uint32_t value;
	uint16_t id, since, updates;
} lasts[] = {
#define LEAF(...)
#define LAST(feature, value, since, updates) { value, F_##feature, since, updates },
#include "table/guest_kvm_leaf.def"
#undef LEAF
#undef LAST
};

/*
 * With these leaves, AMD's processors have something to say in 80000021H, even if they have no such
 * leaf; Linux adds it since 5.17.
 */
#define ADDS_FROM  0x8000001dU
#define ADDS       0x80000021U
#define ADDS_SINCE 0x0511

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The last leaf or subleaf of a host; if it is known by names only, nothing limits it. */
static uint32_t last_of_host(const struct cpuid_set *host, enum feature_id id)
{
	const struct place at = feature_place(id);
	const uint32_t last = feature_value(host, id);

	return last || place_known(host, &at) ? last : UINT32_MAX;
}

/* The last leaf or subleaf that KVM lists, from that of the host. */
static uint32_t last_of(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id)
{
	const uint32_t hosts = last_of_host(host, id);
	uint32_t last = hosts;

	for (size_t i = 0; i < sizeof(lasts) / sizeof(lasts[0]); i++)
		if (lasts[i].id == id && guest_kvm_reaches(k, lasts[i].since, lasts[i].updates))
			last = least(hosts, lasts[i].value);
	if (id == F_NUM_EXT_LEVELS && k->kernel >= ADDS_SINCE && hosts >= ADDS_FROM && last < ADDS)
		last = ADDS;
	return last;
}

/* True if the host has the register, or KVM has it in software. */
static bool lists_register(const struct guest_kvm *k, const struct cpuid_set *host, uint32_t leaf)
{
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		if (leaves[i].leaf == leaf)
			return feature_value(host, (enum feature_id)leaves[i].gate) ||
			       guest_kvm_why(k, host, (enum feature_id)leaves[i].gate) ==
			               GUEST_KVM_OWN;
	return false;
}

bool guest_kvm_lists(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id)
{
	const struct place at = feature_place(id);

	if (at.leaf >= CPUID_MSR)
		return lists_register(k, host, at.leaf);
	if (at.leaf >= 0xc0000000)
		return at.leaf <= last_of(k, host, F_MAX_CNTR_LEAF);
	if (at.leaf >= 0x80000000)
		return at.leaf <= last_of(k, host, F_NUM_EXT_LEVELS);
	if (at.leaf > last_of(k, host, F_NUMLEVELS))
		return false;
	if (at.leaf == 7)
		return at.subleaf <= last_of(k, host, F_LEAF_7_MAX_SUBLEVEL);
	return at.leaf != 0x24 || at.subleaf <= last_of(k, host, F_AVX10_MAX_SUBLEAF);
}

/* The bits of a register that are offered; of a field, the host's. */
static uint32_t offered_bits(const struct guest_kvm *k, const struct cpuid_set *host,
                             const struct cpuid_leaf *at, enum cpuid_reg reg)
{
	size_t count;
	const enum feature_id first = feature_register(at->leaf, at->subleaf, reg, &count);
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++) {
		const enum feature_id id = (enum feature_id)(first + i);

		if (!guest_kvm_offers(k, host, id))
			continue;
		if (features[id].low == features[id].high)
			bits |= feature_mask(id);
		else
			bits |= feature_mask(id) & cpuid_value(host, at->leaf, at->subleaf, reg);
	}
	return bits;
}

static bool has_numbers(const struct leaf *row)
{
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (row->reg[reg] == HOSTS)
			return true;
	return false;
}

/* Adds a leaf; what the host lacks is added only if something of it is offered. */
static void add(const struct guest_kvm *k, const struct cpuid_set *host, const struct leaf *row,
                uint32_t subleaf, struct cpuid_set *offered)
{
	struct cpuid_leaf new = { .leaf = row->leaf, .subleaf = subleaf };
	bool any = cpuid_find(host, row->leaf, subleaf) != NULL;

	if (row->gate != F_NONE && !guest_kvm_offers(k, host, (enum feature_id)row->gate))
		return;
	/* What is unknown of the host stays so: no number is made of it, but that of subleaves. */
	if (row->leaf != 7 && has_numbers(row) && !cpuid_knows(host, row->leaf, subleaf))
		return;
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		if (row->reg[reg] == HOSTS)
			new.reg[reg] = cpuid_value(host, row->leaf, subleaf, (enum cpuid_reg)reg);
		else if (row->reg[reg] == BITS)
			new.reg[reg] = offered_bits(k, host, &new, (enum cpuid_reg)reg);
		any = any || new.reg[reg];
	}
	struct cpuid_leaf *l = any ? cpuid_insert(offered, row->leaf, subleaf) : NULL;
	if (l)
		memcpy(l->reg, new.reg, sizeof(new.reg));
}

/* Adds the layout of the extended states that are offered. */
static void add_states(const struct cpuid_set *host, struct cpuid_set *offered)
{
	const uint32_t states =
		cpuid_value(offered, 0xd, 0, EAX) | cpuid_value(offered, 0xd, 1, ECX);

	for (uint32_t state = 2; state < 32; state++) {
		const struct cpuid_leaf *from = cpuid_find(host, 0xd, state);
		struct cpuid_leaf *to =
			from && states >> state & 1 ? cpuid_insert(offered, 0xd, state) : NULL;

		if (to)
			memcpy(to->reg, from->reg, sizeof(from->reg));
	}
}

static void set_last(const struct guest_kvm *k, const struct cpuid_set *host,
                     struct cpuid_set *offered, enum feature_id id)
{
	const struct place at = feature_place(id);
	const uint32_t last = last_of(k, host, id);

	for (size_t i = 0; i < offered->count; i++)
		if (offered->at[i].leaf == at.leaf && offered->at[i].subleaf == at.subleaf)
			offered->at[i].reg[at.reg] = last;
}

/* True if a leaf is after the last one of its range. */
static bool is_after(const struct cpuid_set *offered, const struct cpuid_leaf *l)
{
	if (l->leaf < 0x80000000)
		return l->leaf > feature_value(offered, F_NUMLEVELS) ||
		       (l->leaf == 7 && l->subleaf > feature_value(offered, F_LEAF_7_MAX_SUBLEVEL));
	/* Where the last one is unknown, it is not there. */
	const uint32_t last = feature_value(offered, F_NUM_EXT_LEVELS);
	return l->leaf < 0xc0000000 && last && l->leaf > last;
}

void guest_kvm_set(const struct guest_kvm *k, const struct cpuid_set *host,
                   struct cpuid_set *offered)
{
	static const uint16_t last[] = { F_NUMLEVELS, F_LEAF_7_MAX_SUBLEVEL, F_AVX10_MAX_SUBLEAF,
		                         F_NUM_EXT_LEVELS, F_MAX_CNTR_LEAF };
	size_t kept = 0;

	offered->count = 0;
	for (size_t i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++) {
		const struct leaf *row = &leaves[i];

		if (row->subleaf != ANY)
			add(k, host, row, row->subleaf, offered);
		for (size_t j = 0; row->subleaf == ANY && j < host->count; j++)
			if (host->at[j].leaf == row->leaf)
				add(k, host, row, host->at[j].subleaf, offered);
	}
	add_states(host, offered);
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		set_last(k, host, offered, (enum feature_id)last[i]);
	for (size_t i = 0; i < offered->count; i++)
		if (!is_after(offered, &offered->at[i]))
			offered->at[kept++] = offered->at[i];
	offered->count = kept;
}
