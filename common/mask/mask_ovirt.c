/* SPDX-License-Identifier: MIT */
/*
 * oVirt's custom CPU type of a virtual machine.  Sources: ovirt-engine 4.5,
 * LibvirtVmXmlBuilder.writeCpu: a model of libvirt, then "+name" and "-name" after commas; it makes
 * libvirt's element of them.  BusinessEntitiesDefinitions.VM_CPU_NAME_SIZE: at most 255 characters.
 * There is nothing for the width of addresses, nor for the vendor.  Not tried in oVirt.
 */
#include "mask/kvm_plan.h"

void mask_ovirt_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;

	text_put(t, kvm_offer_model(&p->offer, p->base));
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] != KVM_UNSAID) {
			text_put(t, p->say[i] == KVM_ON ? ",+" : ",-");
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
		}
	text_put(t, "\n");
}
