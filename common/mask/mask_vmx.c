/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"

const uint8_t mask_hw_versions[MASK_HW_COUNT] = {
	4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
};

bool mask_vmware_shows(enum feature_id id, unsigned hw)
{
	const struct feature *f = &features[id];
	const struct feature_guest *g = &feature_guests[id];

	return g->support == VMWARE_YES && f->rule == RULE_ALL && g->hw != 0 && g->hw <= hw;
}

static void add_lines(struct mask_merge *lines, const struct mask *m, mask_keep *keep)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct feature *f = &features[id];

		if (mask_vmware_shows(id, m->hw) && mask_hides(m, id) && keep(id))
			mask_merge_hide(lines, feature_leaf(f), feature_subleaf(f),
			                (enum cpuid_reg)f->reg, feature_mask(id));
	}
}

void mask_vmx_lines(struct text *t, const struct mask *m, mask_keep *keep)
{
	struct mask_merge lines;

	mask_merge_start(&lines);
	add_lines(&lines, m, keep);
	mask_merge_write(t, &lines, m->grouped);
}

static bool keep_all(enum feature_id id)
{
	(void)id;
	return true;
}

void mask_vmx_add(struct mask_merge *lines, const struct mask *m)
{
	add_lines(lines, m, keep_all);
}

void mask_vmx_write(struct text *t, const struct mask *m)
{
	mask_vmx_lines(t, m, keep_all);
}
