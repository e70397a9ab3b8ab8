/* SPDX-License-Identifier: MIT */
/*
 * OpenStack's nova.conf, section [libvirt].  Sources: nova/conf/libvirt.py and
 * doc/source/admin/cpu-models.rst of 2022 and later.  cpu_model_extra_flags takes "-flag" since
 * its release note allow-disabling-cpu-flags, but nova-compute compares each model of cpu_models,
 * without the flags, with its host, and does not start if the host lacks a feature of it.  So
 * nothing is turned off.  There is no option for the width of addresses, nor for the vendor.  Not
 * tried in nova.
 */
#include "mask/kvm_plan.h"

void mask_nova_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;
	const char *before = "cpu_model_extra_flags = ";

	text_put(t, "[libvirt]\n"
	            "cpu_mode = custom\n"
	            "cpu_models = ");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	text_put(t, "\n");
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] == KVM_ON) {
			text_put(t, before);
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
			before = ", ";
		}
	text_put(t, p->on ? "\n" : "");
}
