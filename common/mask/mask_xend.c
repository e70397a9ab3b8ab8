/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"

/* Begins or continues the list. */
static void write_start(struct text *t, bool *first)
{
	text_put(t, *first ? "cpuid=[ \"0x" : ",\n        \"0x");
	*first = false;
}

/* Writes a key.  Leaves with subleaves must have one in it; others must not. */
static void write_key(struct text *t, uint32_t leaf, uint32_t subleaf)
{
	text_hex(t, leaf, 1);
	if (leaf == 7 || leaf == 0xd) {
		text_put(t, ",0x");
		text_hex(t, subleaf, 1);
	}
	text_put(t, ":");
}

/* Writes the last leaf or subleaf: a number, so all 32 bits are given. */
static void write_last(struct text *t, const struct mask *m, enum feature_id id, bool *first)
{
	uint32_t last;

	if (!mask_xen_last(m, id, &last))
		return;
	write_start(t, first);
	write_key(t, feature_leaf(&features[id]), feature_subleaf(&features[id]));
	text_put(t, "eax=");
	mask_pattern(t, ~last, "1");
	text_put(t, "\"");
}

/*
 * Writes the width of physical addresses: the last eight bits of EAX.  Xen gives a guest what is
 * written, if its host has as many bits (xen/arch/x86/cpu-policy.c, recalculate_cpuid_policy).
 */
static void write_width(struct text *t, const struct mask *m, bool *first)
{
	uint32_t width;

	if (!mask_xen_width(m, &width))
		return;
	write_start(t, first);
	write_key(t, feature_leaf(&features[F_PHYS_BITS]), 0);
	text_put(t, "eax=xxxxxxxxxxxxxxxxxxxxxxxx");
	for (unsigned bit = 8; bit-- > 0;)
		text_put(t, width >> bit & 1 ? "1" : "0");
	text_put(t, "\"");
}

/* The form has no registers (libxl_cpuid.c, libxl_cpuid_parse_config_xend). */
static bool choose(const struct mask *m, enum feature_id id)
{
	return feature_leaf(&features[id]) < CPUID_MSR && mask_xen_hides(m, id);
}

void mask_xend_write(struct text *t, const struct mask *m)
{
	struct mask_leaf l = { .next = 0 };
	bool first = true;

	mask_xen_registers(t, m, true);
	write_last(t, m, F_NUMLEVELS, &first);
	write_last(t, m, F_LEAF_7_MAX_SUBLEVEL, &first);
	write_last(t, m, F_NUM_EXT_LEVELS, &first);
	write_width(t, m, &first);
	while (mask_leaf_next(&l, m, choose)) {
		const char *comma = "";

		write_start(t, &first);
		write_key(t, l.leaf, l.subleaf);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			if (!l.bits[reg])
				continue;
			text_put(t, comma);
			text_put(t, cpuid_register((enum cpuid_reg)reg));
			text_put(t, "=");
			mask_pattern(t, l.bits[reg], "x");
			comma = ",";
		}
		text_put(t, "\"");
	}
	text_put(t, first ? "" : " ]\n");
}
