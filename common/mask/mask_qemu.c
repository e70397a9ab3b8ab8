/* SPDX-License-Identifier: MIT */
#include "mask/kvm_plan.h"

/* Words have commas between them; *before is what is before the next one. */
static void start_word(struct text *t, const char **before)
{
	text_put(t, *before);
	*before = ",";
}

static void write_number(struct text *t, const char **before, const char *name, uint32_t number,
                         bool hex)
{
	if (!number)
		return;
	start_word(t, before);
	text_put(t, name);
	if (hex)
		text_put(t, "0x"), text_hex(t, number, 1);
	else
		text_decimal(t, number);
}

static void write_flags(struct text *t, const char **before, const struct kvm_plan *p,
                        enum kvm_say what)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++)
		if (p->say[i] == what) {
			start_word(t, before);
			text_put(t, what == KVM_ON ? "+" : "-");
			text_put(t, kvm_offer_feature(&p->offer, (enum feature_id)i));
		}
}

/*
 * Writes what follows the model.  Some distributions build QEMU so that a guest gets the host's
 * address width unless host-phys-bits is off: Red Hat's machine types do.
 */
static void write_words(struct text *t, const char **before, const struct kvm_plan *p)
{
	if (*p->vendor) {
		start_word(t, before);
		text_put(t, "vendor=");
		text_put(t, p->vendor);
	}
	if (p->phys_bits) {
		start_word(t, before);
		text_put(t, "host-phys-bits=off");
	}
	write_number(t, before, "phys-bits=", p->phys_bits, false);
	write_number(t, before, "level=", p->last, true);
	write_number(t, before, "xlevel=", p->last_extended, true);
	write_flags(t, before, p, KVM_ON);
	write_flags(t, before, p, KVM_OFF);
}

void mask_qemu_write(struct text *t, const struct mask *m)
{
	const char *before = ",";

	text_put(t, "-cpu ");
	text_put(t, kvm_offer_model(&m->plan->offer, m->plan->base));
	write_words(t, &before, m->plan);
	text_put(t, "\n");
}

/*
 * Configuration of a cluster group of Incus, as "incus cluster group edit" shows it.  Sources: its
 * documentation, howto/cluster_groups, and internal/server/instance/drivers, main in 2026, which
 * joins baseline and flags with commas and gives them to QEMU as -cpu.  Not tried in Incus.
 */
void mask_incus_write(struct text *t, const struct mask *m)
{
	static const char key[] = "\n  instances.vm.cpu.x86_64.flags: \"";
	const char *before = key;

	text_put(t, "config:\n"
	            "  instances.vm.cpu.x86_64.baseline: ");
	text_put(t, kvm_offer_model(&m->plan->offer, m->plan->base));
	write_words(t, &before, m->plan);
	text_put(t, before == key ? "\n" : "\"\n");
}
