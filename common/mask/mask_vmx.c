/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/vmware.h"

bool mask_vmx_covers(enum feature_id id, unsigned hw)
{
	return mask_is_feature(id) && vmware_shows(id, hw) == VMWARE_HOSTS;
}

static bool add_lines(struct mask_merge *lines, const struct mask *m, mask_keep *keep)
{
	bool ok = true;

	for (unsigned i = F_NONE + 1; ok && i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (mask_vmx_covers(id, m->hw) && mask_hides(m, id) && keep(id))
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
