/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/xen.h"

/* Xen shows no guest a feature that it has no name for, so a mask need not hide it. */
static bool is_hidden(const struct mask *m, enum feature_id id)
{
	return mask_hides(m, id) && xen_shows(id);
}

bool mask_xen_hides(const struct mask *m, enum feature_id id)
{
	return is_hidden(m, id) &&
	       mask_everywhere(m, feature_leaf(&features[id]), feature_subleaf(&features[id]));
}

/* Returns the last leaf or subleaf that Xen shows to a guest. */
static uint32_t last_of_xen(enum feature_id id)
{
	return id == F_NUMLEVELS ? 0xd : id == F_NUM_EXT_LEVELS ? 0x80000021 : 2;
}

bool mask_xen_last(const struct mask *m, enum feature_id id, uint32_t *last)
{
	*last = feature_value(m->baseline, id);
	if (!mask_everywhere(m, feature_leaf(&features[id]), 0) ||
	    (!*last && id != F_LEAF_7_MAX_SUBLEVEL))
		return false;
	return *last < last_of_xen(id) && (m->hide_all || feature_value(m->seen, id) > *last);
}

bool mask_xen_width(const struct mask *m, uint32_t *bits)
{
	*bits = feature_value(m->baseline, F_PHYS_BITS);
	return *bits && mask_everywhere(m, feature_leaf(&features[F_PHYS_BITS]), 0) &&
	       (m->hide_all || feature_value(m->seen, F_PHYS_BITS) > *bits);
}

/* Writes a note if hosts differ in leaves or subleaves that this form cannot limit. */
static void write_note(struct text *t, const struct mask *m)
{
	uint32_t last, bits;
	bool any = mask_xen_last(m, F_LEAF_7_MAX_SUBLEVEL, &last) ||
	           mask_xen_last(m, F_NUM_EXT_LEVELS, &last);

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		any |= is_hidden(m, (enum feature_id)id) && !mask_xen_hides(m, (enum feature_id)id);
	if (any)
		text_put(t, "# The hosts have different last leaves or subleaves; only the dialect "
		            "xen-xend can hide that.\n");
	if (mask_xen_width(m, &bits))
		text_put(t, "# The hosts have different widths of physical addresses; only the "
		            "dialect xen-xend can give the narrowest.\n");
}

/*
 * Writes, in a comment, the names that this version does not know.  Returns false if none.  Names
 * of a register's bits have no other form: without them the guest sees the host's.
 */
static bool write_unknown(struct text *t, const struct mask *m)
{
	bool any = false;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!mask_xen_hides(m, id) || xen_knows(id, m->xen) ||
		    feature_leaf(&features[i]) >= CPUID_MSR)
			continue;
		text_put(t,
		         any ? " " : "# By registers, because this version of xl does not know: ");
		text_put(t, xen_name(id));
		any = true;
	}
	text_put(t, any ? "\n" : "");
	return any;
}

void mask_xen_registers(struct text *t, const struct mask *m, bool all)
{
	bool any = false;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (feature_leaf(&features[i]) < CPUID_MSR || !mask_xen_hides(m, id) ||
		    (!all && xen_knows(id, m->xen)))
			continue;
		text_put(t,
		         any   ? " "
		         : all ? "# Not hidden, because this form has no model-specific registers: "
		               : "# Not hidden, because this version of xl does not know: ");
		text_put(t, xen_name(id));
		any = true;
	}
	text_put(t, any ? "\n" : "");
}

void mask_xen_write(struct text *t, const struct mask *m)
{
	bool first = true;
	uint32_t last;

	if (write_unknown(t, m)) {
		mask_xend_write(t, m);
		return;
	}
	write_note(t, m);
	mask_xen_registers(t, m, false);
	if (mask_xen_last(m, F_NUMLEVELS, &last)) {
		text_put(t, "cpuid=\"host,maxleaf=");
		text_decimal(t, last);
		first = false;
	}
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (!mask_xen_hides(m, (enum feature_id)id) ||
		    (feature_leaf(&features[id]) >= CPUID_MSR &&
		     !xen_knows((enum feature_id)id, m->xen)))
			continue;
		text_put(t, first ? "cpuid=\"host," : ",");
		text_put(t, xen_name((enum feature_id)id));
		text_put(t, "=0");
		first = false;
	}
	text_put(t, first ? "" : "\"\n");
}
