/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"

#include "base/mem.h"

bool mask_is_feature(enum feature_id id)
{
	const struct feature *f = &features[id];

	return id != F_NONE && f->rule == RULE_ALL && f->low == f->high &&
	       feature_subleaf(f) < FROM(0) && f->kind == KIND_FEATURE;
}

bool mask_hides(const struct mask *m, enum feature_id id)
{
	return mask_is_feature(id) && !feature_value(m->baseline, id) &&
	       (m->hide_all || feature_value(m->seen, id));
}

bool mask_everywhere(const struct mask *m, uint32_t leaf, uint32_t subleaf)
{
	if (leaf >= CPUID_MSR)
		return leaf == (CPUID_MSR | 0x10a) &&
		       feature_value(m->baseline, F_ARCH_CAPABILITIES);
	if (leaf >= 0x80000000)
		return leaf <= feature_value(m->baseline, F_NUM_EXT_LEVELS) && subleaf == 0;
	if (leaf > feature_value(m->baseline, F_NUMLEVELS))
		return false;
	return leaf != 7 || subleaf <= feature_value(m->baseline, F_LEAF_7_MAX_SUBLEVEL);
}

bool mask_leaf_next(struct mask_leaf *l, const struct mask *m, mask_choose *choose)
{
	bool any = false;

	memset(l->bits, 0, sizeof(l->bits));
	for (; l->next < F_COUNT; l->next++) {
		const enum feature_id id = (enum feature_id)l->next;
		const struct feature *f = &features[id];

		if (!choose(m, id))
			continue;
		if (any && (feature_leaf(f) != l->leaf || feature_subleaf(f) != l->subleaf))
			return true;
		any = true;
		l->leaf = feature_leaf(f);
		l->subleaf = feature_subleaf(f);
		l->bits[f->reg] |= feature_mask(id);
	}
	return any;
}

void mask_pattern(struct text *t, uint32_t bits, const char *other)
{
	for (unsigned bit = 32; bit-- > 0;)
		text_put(t, bits >> bit & 1 ? "0" : other);
}
