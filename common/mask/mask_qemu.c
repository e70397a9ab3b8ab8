/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

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
static void write_words(struct text *t, const struct kvm_plan *p)
{
	if (*p->vendor) {
		text_put(t, ",vendor=");
		text_put(t, p->vendor);
	}
	if (p->phys_bits)
		text_put(t, ",host-phys-bits=off");
	write_number(t, ",phys-bits=", p->phys_bits, false);
	write_number(t, ",level=", p->last, true);
	write_number(t, ",xlevel=", p->last_extended, true);
	write_flags(t, p, KVM_ON, ",+");
	write_flags(t, p, KVM_OFF, ",-");
}

void mask_qemu_write(struct text *t, const struct mask *m)
{
	text_put(t, "-cpu ");
	text_put(t, kvm_offer_model(&m->plan->offer, m->plan->base));
	write_words(t, m->plan);
	text_put(t, "\n");
}

/*
 * Configuration of a cluster group of Incus, as "incus cluster group edit" shows it.  Sources: its
 * documentation, howto/cluster_groups, and internal/server/instance/drivers, main in 2026, which
 * joins baseline and flags with commas and gives them to QEMU as -cpu.  Not tried in Incus.
 */
void mask_incus_write(struct text *t, const struct mask *m)
{
	char buffer[8192];
	struct text words;

	text_start(&words, buffer, sizeof(buffer));
	write_words(&words, m->plan);
	t->full = t->full || words.full;
	text_put(t, "config:\n"
	            "  instances.vm.cpu.x86_64.baseline: ");
	text_put(t, kvm_offer_model(&m->plan->offer, m->plan->base));
	text_put(t, "\n");
	if (!words.used)
		return;
	text_put(t, "  instances.vm.cpu.x86_64.flags: \"");
	text_put(t, text_string(&words) + 1);
	text_put(t, "\"\n");
}
