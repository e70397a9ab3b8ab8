/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_text.h"

/*
 * VirtualBox's names below CPUM/IsaExts.  A machine with a name that its version does not know does
 * not start; those marked late came with 7.1, before which no guest saw these features.
 */
static const struct isa_ext {
	uint16_t id;
	bool late;
	const char *name;
} isa_exts[] = {
	{ F_SSE4_1, false, "SSE4.1" },
	{ F_SSE4_2, false, "SSE4.2" },
	{ F_CMPXCHG16B, false, "CMPXCHG16B" },
	{ F_MONITOR, false, "MONITOR" },
	{ F_PCLMULQDQ, false, "PCLMUL" },
	{ F_PCID, false, "PCID" },
	{ F_MOVBE, false, "MOVBE" },
	{ F_POPCNT, false, "POPCNT" },
	{ F_AESNI, false, "AESNI" },
	{ F_XSAVE, false, "XSAVE" },
	{ F_AVX, false, "AVX" },
	{ F_RDRAND, false, "RDRAND" },
	{ F_FSGSBASE, false, "FSGSBASE" },
	{ F_AVX2, false, "AVX2" },
	{ F_INVPCID, false, "INVPCID" },
	{ F_RDSEED, false, "RDSEED" },
	{ F_CLFLUSHOPT, false, "CLFLUSHOPT" },
	{ F_L1D_FLUSH, false, "FlushCmdMsr" },
	{ F_ABM, false, "ABM" },
	{ F_SSE4A, false, "SSE4A" },
	{ F_MISALIGN_SSE, false, "MISALNSSE" },
	{ F_PREFETCHW, false, "3DNOWPRF" },
	{ F_MMX_EXT, false, "AXMMX" },
	{ F_FMA, true, "FMA" },
	{ F_F16C, true, "F16C" },
	{ F_ADX, true, "ADX" },
	{ F_SHA, true, "SHA" },
};

#define ISA_EXTS (sizeof(isa_exts) / sizeof(isa_exts[0]))

static bool has_switch(enum feature_id id)
{
	for (size_t i = 0; i < ISA_EXTS; i++)
		if (isa_exts[i].id == id)
			return true;
	return false;
}

static void write_switches(struct text *t, const struct mask *m, bool late)
{
	bool first = true;

	for (size_t i = 0; i < ISA_EXTS; i++) {
		if (isa_exts[i].late != late || !mask_hides(m, (enum feature_id)isa_exts[i].id))
			continue;
		if (first && late)
			text_put(t, "# VirtualBox 7.1 and later; before, no guest sees these and "
			            "the names are errors:\n");
		first = false;
		text_put(t, "VBoxManage setextradata \"$VM\" VBoxInternal/CPUM/IsaExts/");
		text_put(t, isa_exts[i].name);
		text_put(t, " 0\n");
	}
}

/* Names what some hypervisor can show and this one has no switch for, by the manual's names. */
static void write_rest(struct text *t, const struct mask *m)
{
	bool first = true;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (!mask_hides(m, id) || !*feature_names[id].qemu || has_switch(id))
			continue;
		text_put(t, first ? "# No switch; hosts may show guests:" : "");
		text_put(t, " ");
		text_put(t, feature_name(id));
		first = false;
	}
	text_put(t, first ? "" : "\n");
}

/*
 * Not --cpuid-set, which replaces whole registers: a pool promises features, but no one value for
 * what is beside them, such as APIC ids, topology and what VirtualBox itself sets there.
 */
void mask_virtualbox_write(struct text *t, const struct mask *m)
{
	write_switches(t, m, false);
	write_switches(t, m, true);
	write_rest(t, m);
}
