/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_text.h"

/*
 * Names of libxl's own, where Xen's featureset has another or none.  All versions of libxl know
 * these, only later ones those of the featureset; and "clflush" is there the size of a line.
 */
static const struct alias {
	uint16_t id;
	const char *name;
} aliases[] = {
	{ F_EIST, "est" },
	{ F_CNXT_ID, "cntxid" },
	{ F_CMPXCHG16B, "cmpxchg16" },
	{ F_SSE4_1, "sse4_1" },
	{ F_SSE4_2, "sse4_2" },
	{ F_AESNI, "aes" },
	{ F_CX8, "cmpxchg8" },
	{ F_SEP, "sysenter" },
	{ F_PSN, "psn" },
	{ F_CLFSH, "clfsh" },
	{ F_TM, "tm" },
	{ F_IA64, "ia64" },
	{ F_ARAT, "arat" },
	{ F_TSC_ADJUST, "tsc_adjust" },
	{ F_RDT_M, "cmt" },
	{ F_LAHF_SAHF, "lahfsahf" },
	{ F_ALT_MOV_CR8, "altmovcr8" },
	{ F_NODEID_MSR, "nodeid" },
	{ F_PERF_CTR_EXT_CORE, "perfctr_core" },
	{ F_PERF_CTR_EXT_NB, "perfctr_nb" },
	{ F_TSC_INVARIANT, "invtsc" },
	{ F_AMD_PPIN, "ppin" },
	{ F_SVM_NP, "svm_npt" },
	{ F_SVM_LBR_VIRT, "svm_lbrv" },
	{ F_SVM_NRIPS, "svm_nrips" },
	{ F_SVM_TSC_RATE_MSR, "svm_tscrate" },
	{ F_SVM_VMCB_CLEAN, "svm_vmcbclean" },
	{ F_SVM_DECODE_ASSISTS, "svm_decode" },
	{ F_SVM_PAUSE_FILTER, "svm_pausefilt" },
};

const char *mask_xen_name(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (aliases[i].id == id)
			return aliases[i].name;
	return feature_names[id].xen;
}

/* What Xen has no name for it shows to no guest, so to hide that would only ask for trouble. */
static bool is_hidden(const struct mask *m, enum feature_id id)
{
	return mask_hides(m, id) && *mask_xen_name(id);
}

bool mask_xen_hides(const struct mask *m, enum feature_id id)
{
	return is_hidden(m, id) &&
	       mask_everywhere(m, feature_leaf(&features[id]), feature_subleaf(&features[id]));
}

/* The last leaves that Xen shows any guest. */
static uint32_t last_of_xen(enum feature_id id)
{
	return id == F_NUMLEVELS ? 0xd : id == F_NUM_EXT_LEVELS ? 0x80000021 : 2;
}

bool mask_xen_last(const struct mask *m, enum feature_id id, uint32_t *last)
{
	*last = feature_value(m->promise, id);
	if (!mask_everywhere(m, feature_leaf(&features[id]), 0) ||
	    (!*last && id != F_LEAF_7_MAX_SUBLEVEL))
		return false;
	return *last < last_of_xen(id) && (m->baseline || feature_value(m->seen, id) > *last);
}

/* Says what this form has no words for; what is in leaves that some hosts lack goes with them. */
static void write_unsaid(struct text *t, const struct mask *m)
{
	uint32_t last;
	bool any = mask_xen_last(m, F_LEAF_7_MAX_SUBLEVEL, &last) ||
	           mask_xen_last(m, F_NUM_EXT_LEVELS, &last);

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		any |= is_hidden(m, (enum feature_id)id) && !mask_xen_hides(m, (enum feature_id)id);
	if (any)
		text_put(t, "# Not all hosts have the same leaves and subleaves, which only the "
		            "form of xen-xend can say.\n");
}

void mask_xen_write(struct text *t, const struct mask *m)
{
	bool first = true;
	uint32_t last;

	write_unsaid(t, m);
	if (mask_xen_last(m, F_NUMLEVELS, &last)) {
		text_put(t, "cpuid=\"host,maxleaf=");
		text_decimal(t, last);
		first = false;
	}
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		if (!mask_xen_hides(m, (enum feature_id)id))
			continue;
		text_put(t, first ? "cpuid=\"host," : ",");
		text_put(t, mask_xen_name((enum feature_id)id));
		text_put(t, "=0");
		first = false;
	}
	text_put(t, first ? "" : "\"\n");
}
