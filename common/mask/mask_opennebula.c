/* SPDX-License-Identifier: MIT */
/*
 * OpenNebula's template of a virtual machine: CPU_MODEL.  Sources: the template reference of
 * OpenNebula 7.0 (MODEL and FEATURES, a list with commas), and its issue 6650, open in 2024:
 * FEATURES cannot turn a feature off.  There is nothing for the width of addresses, nor for the
 * vendor.  Not tried in OpenNebula.
 */
#include "mask/kvm_plan.h"

void mask_opennebula_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;
	const char *before = ",\n  FEATURES = \"";

	text_put(t, "CPU_MODEL = [\n"
	            "  MODEL = \"");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	text_put(t, "\"");
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] == KVM_ON) {
			text_put(t, before);
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
			before = ",";
		}
	text_put(t, p->on ? "\" ]\n" : " ]\n");
}
