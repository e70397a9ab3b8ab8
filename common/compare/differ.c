/* SPDX-License-Identifier: MIT */
#include "compare/differ.h"

static bool before(const struct cpuid_leaf *x, const struct cpuid_leaf *y)
{
	return x->leaf < y->leaf || (x->leaf == y->leaf && x->subleaf < y->subleaf);
}

/* Compares the field that begins at bit d->next and moves past it.  Returns true if it differs. */
static bool compare_field(struct differ *d, uint32_t a, uint32_t b)
{
	struct place *at = &d->at;

	d->id = feature_at(at->leaf, at->subleaf, at->reg, d->next);
	at->low = d->next;
	at->high = d->id == F_NONE ? d->next : features[d->id].high;
	d->next = at->high + 1;

	const uint32_t mask = place_mask(at->low, at->high);
	d->a = (a & mask) >> at->low;
	d->b = (b & mask) >> at->low;
	return d->a != d->b;
}

/* Continues within one leaf: 32 bits of EAX, then of EBX, ECX, EDX. */
static bool next_in_leaf(struct differ *d, const struct cpuid_leaf *x, const struct cpuid_leaf *y)
{
	for (;;) {
		if (d->next == 32) {
			if (d->at.reg == EDX)
				return false;
			d->at.reg++;
			d->next = 0;
		}
		const uint32_t a = x ? x->reg[d->at.reg] : 0, b = y ? y->reg[d->at.reg] : 0;
		if (((a ^ b) >> d->next) == 0)
			d->next = 32;
		else if (compare_field(d, a, b))
			return true;
	}
}

bool differ_next(struct differ *d, const struct cpuid_set *a, const struct cpuid_set *b)
{
	while (d->i < a->count || d->j < b->count) {
		const struct cpuid_leaf *x = d->i < a->count ? &a->at[d->i] : NULL;
		const struct cpuid_leaf *y = d->j < b->count ? &b->at[d->j] : NULL;

		/* An absent leaf is zero. */
		if (x && y && before(x, y))
			y = NULL;
		else if (x && y && before(y, x))
			x = NULL;
		d->at.leaf = x ? x->leaf : y->leaf;
		d->at.subleaf = x ? x->subleaf : y->subleaf;
		if (next_in_leaf(d, x, y))
			return true;
		d->i += x != NULL;
		d->j += y != NULL;
		d->at.reg = EAX;
		d->next = 0;
	}
	return false;
}

bool differ_leaf_expected(uint32_t leaf)
{
	const bool hypervisor = leaf >= 0x40000000 && leaf <= 0x4fffffff;
	const bool measured = leaf == 0x80860007 || leaf == 0xc0000002 || leaf == 0xc0000004;

	return hypervisor || measured || leaf == 0x8fffffff;
}

bool differ_expected(const struct differ *d)
{
	if (differ_leaf_expected(d->at.leaf))
		return true;
	return d->id != F_NONE &&
	       (features[d->id].rule == RULE_NEVER || features[d->id].kind == KIND_OS);
}
