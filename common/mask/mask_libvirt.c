/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"

static void write_feature(struct text *t, const char *policy, enum feature_id id)
{
	text_put(t, "  <feature policy='");
	text_put(t, policy);
	text_put(t, "' name='");
	text_put(t, feature_named(id, NAMED_LIBVIRT));
	text_put(t, "'/>\n");
}

/*
 * Writes all features of the baseline, even those that the base model may have: only libvirt knows
 * what its models contain, and a feature that is required twice does no harm.  XSAVES is left to
 * the model, because libvirt does not treat it as migratable.
 */
void mask_libvirt_write(struct text *t, const struct mask *m)
{
	text_put(t, "<cpu mode='custom' match='exact' check='partial'>\n"
	            "  <model fallback='forbid'>");
	text_put(t, m->base ? m->base : MASK_KVM_BASE);
	text_put(t, "</model>\n");
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const enum mask_kvm what = mask_kvm(m, id, true);

		if (!*feature_named(id, NAMED_LIBVIRT))
			continue;
		if (what == MASK_KVM_ON && id != F_XSAVES)
			write_feature(t, "require", id);
		else if (what == MASK_KVM_OFF)
			write_feature(t, "disable", id);
	}
	text_put(t, "</cpu>\n");
}
