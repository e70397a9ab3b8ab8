/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/firecracker.h"

static bool is_hidden(const struct mask *m, enum feature_id id)
{
	return mask_hides(m, id) && firecracker_shows(id) &&
	       mask_everywhere(m, feature_leaf(&features[id]), feature_subleaf(&features[id]));
}

/*
 * EAX of leaf 7 says how many subleaves a guest reads.  It is only set to 0, so that the guest
 * reads none beyond subleaf 0.  EAX of leaf 80000008H has the widths of addresses.
 */
static bool choose(const struct mask *m, enum feature_id id)
{
	const bool fewer =
		m->hide_all || feature_value(m->seen, id) > feature_value(m->baseline, id);

	if (id == F_LEAF_7_MAX_SUBLEVEL)
		return fewer && mask_everywhere(m, 7, 0) && !feature_value(m->baseline, id);
	if (id == F_PHYS_BITS || id == F_VIRT_BITS)
		return fewer && mask_everywhere(m, feature_leaf(&features[id]), 0);
	return feature_leaf(&features[id]) < CPUID_MSR && is_hidden(m, id);
}

/* The register that a template can set (docs/cpu_templates/cpu-templates.md). */
#define REGISTER (CPUID_MSR | 0x10a)

/*
 * True for a bit of the register to be said: 0 for what is hidden, 1 for what a guest must know
 * wherever it runs (rule ANY) and some host does not say.  KVM takes any value from a VMM (Linux
 * arch/x86/kvm/x86.c, kvm_set_msr_common), and Firecracker's own template T2S sets bits.
 */
static bool is_said(const struct mask *m, enum feature_id id)
{
	if (feature_leaf(&features[id]) != REGISTER || !mask_everywhere(m, REGISTER, 0) ||
	    !firecracker_shows(id))
		return false;
	if (features[id].rule == RULE_ANY)
		return feature_value(m->baseline, id) &&
		       (m->hide_all || !m->every || !feature_value(m->every, id));
	return mask_hides(m, id);
}

/* Writes the chosen bits as the baseline has them: 0 for what is hidden. */
static void write_pattern(struct text *t, uint32_t chosen, uint32_t value)
{
	for (unsigned bit = 32; bit-- > 0;)
		text_put(t, !(chosen >> bit & 1) ? "x" : value >> bit & 1 ? "1" : "0");
}

static void write_leaf(struct text *t, const struct mask *m, const struct mask_leaf *l)
{
	const char *comma = "\n";

	text_put(t, "    {\n      \"leaf\": \"0x");
	text_hex(t, l->leaf, 1);
	text_put(t, "\", \"subleaf\": \"0x");
	text_hex(t, l->subleaf, 1);
	/* KVM's flag for leaves that have subleaves */
	text_put(t, "\", \"flags\": ");
	text_put(t, l->leaf == 7 || l->leaf == 0xd ? "1" : "0");
	text_put(t, ",\n      \"modifiers\": [");
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		if (!l->bits[reg])
			continue;
		text_put(t, comma);
		text_put(t, "        { \"register\": \"");
		text_put(t, cpuid_register((enum cpuid_reg)reg));
		text_put(t, "\", \"bitmap\": \"0b");
		write_pattern(t, l->bits[reg],
		              cpuid_value(m->baseline, l->leaf, l->subleaf, (enum cpuid_reg)reg));
		text_put(t, "\" }");
		comma = ",\n";
	}
	text_put(t, "\n      ]\n    }");
}

static void write_register(struct text *t, const struct mask *m, const struct mask_leaf *l)
{
	text_put(t, "  \"msr_modifiers\": [\n    { \"addr\": \"0x");
	text_hex(t, l->leaf & ~CPUID_MSR, 1);
	text_put(t, "\", \"bitmap\": \"0b");
	write_pattern(t, l->bits[EDX], cpuid_value(m->baseline, l->leaf, 0, EDX));
	write_pattern(t, l->bits[EAX], cpuid_value(m->baseline, l->leaf, 0, EAX));
	text_put(t, "\" }\n  ]\n");
}

void mask_firecracker_write(struct text *t, const struct mask *m)
{
	struct mask_leaf l = { .next = 0 }, r = { .next = 0 };
	const bool registers = mask_leaf_next(&r, m, is_said);
	bool first = true;

	for (; mask_leaf_next(&l, m, choose); first = false) {
		text_put(t, first ? "{\n  \"cpuid_modifiers\": [\n" : ",\n");
		write_leaf(t, m, &l);
	}
	if (!first)
		text_put(t, registers ? "\n  ],\n" : "\n  ]\n");
	else
		text_put(t, registers ? "{\n" : "");
	if (registers)
		write_register(t, m, &r);
	text_put(t, first && !registers ? "" : "}\n");
}
