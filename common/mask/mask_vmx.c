/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/vmware.h"

bool mask_vmx_covers(enum feature_id id, unsigned hw)
{
	const struct feature *f = &features[id];

	return id != F_NONE && f->kind == KIND_FEATURE && f->low == f->high &&
	       feature_subleaf(f) < FROM(0) && f->rule != RULE_FIXED &&
	       vmware_shows(id, hw) == VMWARE_HOSTS;
}

/* The baseline has a feature of rule ANY already if one host has it. */
static bool all_have(const struct mask *m, enum feature_id id)
{
	return feature_value(m->baseline, id) &&
	       (features[id].rule == RULE_ALL || (m->every && feature_value(m->every, id)));
}

bool mask_vmx_hides(const struct mask *m, enum feature_id id)
{
	return mask_vmx_covers(id, m->hw) && !all_have(m, id) &&
	       (m->hide_all || feature_value(m->seen, id));
}

static bool add_lines(struct mask_merge *lines, const struct mask *m, mask_keep *keep)
{
	bool ok = true;

	for (unsigned i = F_NONE + 1; ok && i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (mask_vmx_hides(m, id) && keep(id))
			ok = mask_merge_hide(lines, &at);
	}
	return ok;
}

void mask_vmx_lines(struct text *t, const struct mask *m, mask_keep *keep)
{
	struct mask_merge lines;

	mask_merge_start(&lines);
	if (add_lines(&lines, m, keep))
		mask_merge_write(t, &lines, m->grouped);
	else
		t->full = true; /* without memory no mask, rather than a part of it */
	mask_merge_free(&lines);
}

static bool keep_all(enum feature_id id)
{
	(void)id;
	return true;
}

bool mask_vmx_add(struct mask_merge *lines, const struct mask *m)
{
	return add_lines(lines, m, keep_all);
}

void mask_vmx_write(struct text *t, const struct mask *m)
{
	mask_vmx_lines(t, m, keep_all);
}
