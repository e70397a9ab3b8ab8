/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/*
 * Without a vendor, KVM uses the host's.  With it, the guest's vendor stays the same when a host of
 * another vendor joins the pool.  Family, model and stepping come from the base, because guests
 * infer from them much that is not in CPUID.
 */
static void write_vendor(struct text *t, const struct mask *m)
{
	char vendor[13];

	cpuid_vendor(m->baseline, vendor);
	for (size_t i = 0; i < 12; i++)
		if (!is_plain(vendor[i]))
			return;
	text_put(t, ",vendor=");
	text_put(t, vendor);
}

static void write_number(struct text *t, const char *name, uint32_t number, bool hex)
{
	if (!number)
		return;
	text_put(t, name);
	if (hex)
		text_put(t, "0x"), text_hex(t, number, 1);
	else
		text_decimal(t, number);
}

static void write_flags(struct text *t, const struct kvm_plan *p, enum kvm_say what,
                        const char *sign)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] == what) {
			text_put(t, sign);
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
		}
}

/*
 * Some distributions build QEMU so that a guest gets the host's address width unless host-phys-bits
 * is off: Red Hat's machine types do.
 */
void mask_qemu_write(struct text *t, const struct mask *m)
{
	const struct kvm_plan *p = m->plan;

	text_put(t, "-cpu ");
	text_put(t, kvm_offer_model(&p->offer, p->base));
	write_vendor(t, m);
	if (p->phys_bits)
		text_put(t, ",host-phys-bits=off");
	write_number(t, ",phys-bits=", p->phys_bits, false);
	write_number(t, ",level=", p->last, true);
	write_number(t, ",xlevel=", p->last_extended, true);
	write_flags(t, p, KVM_ON, ",+");
	write_flags(t, p, KVM_OFF, ",-");
	text_put(t, "\n");
}
