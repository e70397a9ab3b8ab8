/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

static void write_flags(struct text *t, const struct kvm_plan *p, enum kvm_say what,
                        const char *sign, bool *first)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] == what) {
			text_put(t, *first ? "    flags " : ";");
			text_put(t, sign);
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
			*first = false;
		}
}

/* Proxmox passes the flags to QEMU, with "enforce" and the vendor of the reported model. */
void mask_proxmox_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;
	bool first = true;

	text_put(t, "cpu-model: ");
	text_put(t, m->name ? m->name : "cpulevel");
	text_put(t, "\n");
	write_flags(t, p, KVM_ON, "+", &first);
	write_flags(t, p, KVM_OFF, "-", &first);
	if (!first)
		text_put(t, "\n");
	if (p->phys_bits) {
		text_put(t, "    phys-bits ");
		text_decimal(t, p->phys_bits);
		text_put(t, "\n");
	}
	text_put(t, "    reported-model ");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	text_put(t, "\n");
}
