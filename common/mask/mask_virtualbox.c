/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"
#include "table/virtualbox.h"

static void write_switches(struct text *t, const struct mask *m, bool late)
{
	bool first = true;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!*virtualbox_name(id) || virtualbox_is_late(id) != late || !mask_hides(m, id))
			continue;
		if (first && late)
			text_put(t, "# VirtualBox 7.1 and later; before, no guest sees these and "
			            "the names are errors:\n");
		first = false;
		text_put(t, "VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/");
		text_put(t, virtualbox_name(id));
		text_put(t, " 0\n");
	}
}

/* Names what some hypervisor can show and this one has no switch for, by the manual's names. */
static void write_rest(struct text *t, const struct mask *m)
{
	bool first = true;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!mask_hides(m, id) || !*feature_named(id, NAMED_QEMU) || *virtualbox_name(id))
			continue;
		text_put(t, first ? "# No switch; hosts may show guests:" : "");
		text_put(t, " ");
		text_put(t, feature_name(id));
		first = false;
	}
	text_put(t, first ? "" : "\n");
}

/*
 * Not --cpuid-set, which replaces whole registers: a pool promises features, but no one value for
 * what is beside them, such as APIC ids, topology and what VirtualBox itself sets there.
 */
void mask_virtualbox_write(struct text *t, const struct mask *m)
{
	write_switches(t, m, false);
	write_switches(t, m, true);
	write_rest(t, m);
}
