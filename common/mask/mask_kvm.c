/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * What all of qemu64 is: QEMU's own definition, what KVM's and old machine types add to it (x2APIC;
 * ABM, SSE4A, POPCNT).  libvirt's definition is within.
 */
static const uint16_t qemu64[] = {
	F_FPU, F_DE,        F_PSE,    F_TSC,  F_MSR,   F_PAE,        F_MCE,   F_CX8,
	F_SEP, F_MTRR,      F_PGE,    F_MCA,  F_CMOV,  F_PAT,        F_PSE36, F_CLFSH,
	F_MMX, F_FXSR,      F_SSE,    F_SSE2, F_SSE3,  F_CMPXCHG16B, F_NX,    F_LM,
	F_SVM, F_LAHF_SAHF, F_X2APIC, F_ABM,  F_SSE4A, F_POPCNT,
};

/* KVM has these in software: a base that has them keeps them on any host. */
static const uint16_t emulated[] = {
	F_X2APIC, F_TSC_DEADLINE, F_TSC_ADJUST, F_ARAT, F_UMIP, F_ARCH_CAPABILITIES,
};

/*
 * Not asked for though promised, since QEMU would say on every host that it cannot be had, or start
 * a guest that is not whole:
 */
static const uint16_t left_alone[] = {
	/* KVM gives these to no guest, or only the newest kernels do */
	F_DTES64,
	F_DS_CPL,
	F_SMX,
	F_EIST,
	F_TM2,
	F_CNXT_ID,
	F_XTPR_UPDATE_CTRL,
	F_DCA,
	F_PSN,
	F_DS,
	F_ACPI,
	F_TM,
	F_IA64,
	F_PBE,
	F_PCOMMIT,
	F_PKS,
	F_CET_SS,
	F_CET_IBT,
	F_CORE_CAPABILITIES,
	F_FRED,
	F_APX_F,
	F_APX_NCI_NDD_NF,
	F_EXT_APIC_SPACE,
	F_IBS,
	F_SKINIT,
	F_WDT,
	F_LWP,
	F_TCE,
	F_NODEID_MSR,
	/* -overcommit cpu-pm */
	F_MONITOR,
	F_WAITPKG,
	/* pmu= */
	F_PDCM,
	F_ARCH_LBR,
	F_PERF_CTR_EXT_CORE,
	F_PERF_CTR_EXT_NB,
	F_PERFMON_V2,
	/* -smp: it needs leaf 8000001EH, where qemu64 ends at 8000000AH */
	F_TOPOLOGY_EXTENSIONS,
	/* avx10-version= */
	F_AVX10,
	F_AVX10_VL128,
	F_AVX10_VL256,
	F_AVX10_VL512,
	F_AVX10_VNNI_INT,
	/* memory and devices of their own: SGX, processor trace */
	F_SGX,
	F_SGX_LC,
	F_SGX1,
	F_SGX2,
	F_SGX_EDECCSSA,
	F_SGX_MISC_EXINFO,
	F_SECS_ATTR_DEBUG,
	F_SECS_ATTR_MODE64BIT,
	F_SECS_ATTR_PROVISIONKEY,
	F_SECS_ATTR_EINITTOKEN_KEY,
	F_SECS_ATTR_KSS,
	F_SECS_ATTR_AEXNOTIFY,
	F_INTEL_PT,
	F_PT_LIP,
	/* whether guests run guests is the owner's choice */
	F_VMX,
	F_SVM,
	/* with it QEMU refuses to migrate */
	F_TSC_INVARIANT,
};

/* A guest looks for the tiles in leaves 1DH and 1EH, and qemu64 ends at 0DH. */
static const uint16_t needs_base[] = {
	F_AMX_BF16,       F_AMX_TILE,       F_AMX_INT8,          F_AMX_FP16,       F_AMX_COMPLEX,
	F_AMX_INT8_ALIAS, F_AMX_BF16_ALIAS, F_AMX_COMPLEX_ALIAS, F_AMX_FP16_ALIAS, F_AMX_FP8,
	F_AMX_TF32,       F_AMX_AVX512,     F_AMX_MOVRS,
};

static bool is_in(const uint16_t *ids, size_t count, enum feature_id id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/*
 * Of what is right to show if one host has it, KVM has but the two that say VERW clears buffers.
 * The others say what is no longer there; QEMU has names for them only of late.
 */
static bool is_said(enum feature_id id)
{
	return *feature_names[id].qemu &&
	       (mask_is_feature(id) || id == F_MD_CLEAR || id == F_VERW_CLEAR);
}

/* KVM shows no bit that its host lacks, so what only one host has cannot be shown on all. */
static bool is_promised(const struct mask *m, enum feature_id id)
{
	return feature_value(m->promise, id) &&
	       (features[id].rule == RULE_ALL || (m->every && feature_value(m->every, id)));
}

static bool is_left_alone(const struct mask *m, enum feature_id id)
{
	return is_in(left_alone, COUNT(left_alone), id) ||
	       (feature_leaf(&features[id]) == 0x8000000a) || /* SVM's own features */
	       (!m->base && is_in(needs_base, COUNT(needs_base), id));
}

enum mask_kvm mask_kvm(const struct mask *m, enum feature_id id, bool wide)
{
	if (!is_said(id))
		return MASK_KVM_UNSAID;
	if (is_promised(m, id))
		return is_left_alone(m, id) ? MASK_KVM_UNSAID : MASK_KVM_ON;
	if (!m->base && is_in(qemu64, COUNT(qemu64), id))
		return MASK_KVM_OFF;
	if ((m->base || wide) &&
	    (m->baseline || feature_value(m->seen, id) || is_in(emulated, COUNT(emulated), id)))
		return MASK_KVM_OFF;
	return MASK_KVM_UNSAID;
}
