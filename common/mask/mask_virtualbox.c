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
			text_put(t, "# VirtualBox 7.1 and later only; earlier versions show none "
			            "of these features and reject the names:\n");
		first = false;
		text_put(t, "VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/");
		text_put(t, virtualbox_name(id));
		text_put(t, " 0\n");
	}
}

/* Names the features for which there is no switch, of those that some hypervisor can show. */
static void write_rest(struct text *t, const struct mask *m)
{
	bool first = true;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!mask_hides(m, id) || !*feature_named(id, NAMED_QEMU) || *virtualbox_name(id))
			continue;
		text_put(t, first ? "# VirtualBox has no switch for these; a guest may see them:"
		                  : "");
		text_put(t, " ");
		text_put(t, feature_name(id));
		first = false;
	}
	text_put(t, first ? "" : "\n");
}

/*
 * Not by --cpuid-set, which replaces whole registers: these also hold what a pool has no value for,
 * such as APIC IDs, topology, and what VirtualBox itself sets there.
 */
void mask_virtualbox_write(struct text *t, const struct mask *m)
{
	write_switches(t, m, false);
	write_switches(t, m, true);
	write_rest(t, m);
}
