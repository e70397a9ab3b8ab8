/* SPDX-License-Identifier: MIT */
/*
 * KubeVirt's VirtualMachine, which Harvester has too: spec.template.spec.domain.cpu.  Sources:
 * KubeVirt's API (v1, CPU and CPUFeature), and pkg/virt-launcher/virtwrap/converter, which makes
 * libvirt's element of it, in mode "custom"; main in 2026.  It has no field for the width of
 * addresses, nor for the vendor.  Not tried in KubeVirt.
 */
#include "mask/kvm_plan.h"

/* Plain scalars of YAML: names have letters, digits, '-', '_' and '.', and a letter among them. */
static void write_feature(struct text *t, const char *name, const char *policy)
{
	text_put(t, "            - name: ");
	text_put(t, name);
	text_put(t, "\n              policy: ");
	text_put(t, policy);
	text_put(t, "\n");
}

void mask_kubevirt_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;

	text_put(t, "spec:\n"
	            "  template:\n"
	            "    spec:\n"
	            "      domain:\n"
	            "        cpu:\n"
	            "          model: ");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	text_put(t, p->on + p->off ? "\n          features:\n" : "\n");
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] != KVM_UNSAID)
			write_feature(t, kvm_offer_feature(&p->offer, (enum feature_id)i),
			              p->say[i] == KVM_ON ? "require" : "disable");
}
