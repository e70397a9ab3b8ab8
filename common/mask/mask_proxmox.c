/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"

static void write_flags(struct text *t, const struct mask *m, enum mask_kvm what, const char *sign,
                        bool *first)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (mask_kvm(m, (enum feature_id)i, false) == what) {
			text_put(t, *first ? "    flags " : ";");
			text_put(t, sign);
			text_put(t, feature_named((enum feature_id)i, NAMED_QEMU));
			*first = false;
		}
}

/* Proxmox passes the flags to QEMU, with "enforce" and the vendor of the reported model. */
void mask_proxmox_write(struct text *t, const struct mask *m)
{
	bool first = true;

	text_put(t, "cpu-model: ");
	text_put(t, m->name ? m->name : "cpulevel");
	text_put(t, "\n");
	write_flags(t, m, MASK_KVM_ON, "+", &first);
	write_flags(t, m, MASK_KVM_OFF, "-", &first);
	text_put(t, first ? "    reported-model " : "\n    reported-model ");
	text_put(t, m->base ? m->base : MASK_KVM_BASE);
	text_put(t, "\n");
}
