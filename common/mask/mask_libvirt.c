/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

static void write_feature(struct text *t, const char *policy, const char *name)
{
	text_put(t, "  <feature policy='");
	text_put(t, policy);
	text_put(t, "' name='");
	text_put(t, name);
	text_put(t, "'/>\n");
}

/* A domain with a vendor starts on hosts of that vendor only.  Models of no processor have none. */
static void write_vendor(struct text *t, const struct mask *m)
{
	const enum cpu_vendor vendor = cpu_model_vendor(m->baseline);

	if (cpu_models[m->plan->base].vendor != vendor || !*cpu_vendor_in_libvirt(vendor))
		return;
	text_put(t, "  <vendor>");
	text_put(t, cpu_vendor_in_libvirt(vendor));
	text_put(t, "</vendor>\n");
}

/*
 * The check is partial: what is said here must be there.  For a running guest libvirt itself makes
 * it a full one, with everything that the guest got, and so it is when it migrates.
 */
void mask_libvirt_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;

	text_put(t, "<cpu mode='custom' match='exact' check='partial'>\n"
	            "  <model fallback='forbid'");
	if (p->several_vendors) {
		text_put(t, " vendor_id='");
		text_put(t, p->vendor);
		text_put(t, "'");
	}
	text_put(t, ">");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	text_put(t, "</model>\n");
	write_vendor(t, m);
	if (p->phys_bits) {
		text_put(t, "  <maxphysaddr mode='emulate' bits='");
		text_decimal(t, p->phys_bits);
		text_put(t, "'/>\n");
	}
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] != KVM_UNSAID)
			write_feature(t, p->say[i] == KVM_ON ? "require" : "disable",
			              kvm_offer_feature(&p->offer, (enum feature_id)i));
	text_put(t, "</cpu>\n");
}
