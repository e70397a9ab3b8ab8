/* SPDX-License-Identifier: MIT */
#include "compare/differ.h"

static bool before(const struct cpuid_leaf *x, const struct cpuid_leaf *y)
{
	return x->leaf < y->leaf || (x->leaf == y->leaf && x->subleaf < y->subleaf);
}

/* Looks at the field that begins at d->next.  Returns true if it differs; moves behind it. */
static bool look(struct differ *d, uint32_t a, uint32_t b)
{
	d->id = feature_at(d->leaf, d->subleaf, d->reg, d->next);
	d->low = d->next;
	d->high = d->id == F_NONE ? d->next : features[d->id].high;
	d->next = d->high + 1;

	const uint32_t mask = (uint32_t)((UINT64_C(1) << (d->high - d->low + 1)) - 1);
	d->a = a >> d->low & mask;
	d->b = b >> d->low & mask;
	return d->a != d->b;
}

/* Goes on within one leaf: 32 bits of EAX, then of EBX, ECX, EDX. */
static bool next_in_leaf(struct differ *d, const struct cpuid_leaf *x, const struct cpuid_leaf *y)
{
	for (;;) {
		if (d->next == 32) {
			if (d->reg == EDX)
				return false;
			d->reg++;
			d->next = 0;
		}
		const uint32_t a = x ? x->reg[d->reg] : 0, b = y ? y->reg[d->reg] : 0;
		if (((a ^ b) >> d->next) == 0)
			d->next = 32;
		else if (look(d, a, b))
			return true;
	}
}

bool differ_next(struct differ *d, const struct cpuid_set *a, const struct cpuid_set *b)
{
	while (d->i < a->count || d->j < b->count) {
		const struct cpuid_leaf *x = d->i < a->count ? &a->at[d->i] : NULL;
		const struct cpuid_leaf *y = d->j < b->count ? &b->at[d->j] : NULL;

		/* A leaf that one of the two does not have is zero there. */
		if (x && y && before(x, y))
			y = NULL;
		else if (x && y && before(y, x))
			x = NULL;
		d->leaf = x ? x->leaf : y->leaf;
		d->subleaf = x ? x->subleaf : y->subleaf;
		if (next_in_leaf(d, x, y))
			return true;
		d->i += x != NULL;
		d->j += y != NULL;
		d->reg = EAX;
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
	if (differ_leaf_expected(d->leaf))
		return true;
	return d->id != F_NONE &&
	       (features[d->id].rule == RULE_NEVER || features[d->id].kind == KIND_OS);
}
