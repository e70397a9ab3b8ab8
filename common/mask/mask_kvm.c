/* SPDX-License-Identifier: MIT */
#include "mask/mask_bits.h"
#include "table/feature_names.h"
#include "table/guest_kvm.h"

/*
 * The features of qemu64: QEMU's own definition, and what KVM (x2APIC) and old machine types (ABM,
 * SSE4A, POPCNT) add.  libvirt's definition has a part of these.
 */
static const uint16_t qemu64[] = {
	F_FPU, F_DE,        F_PSE,    F_TSC,  F_MSR,   F_PAE,        F_MCE,   F_CX8,
	F_SEP, F_MTRR,      F_PGE,    F_MCA,  F_CMOV,  F_PAT,        F_PSE36, F_CLFSH,
	F_MMX, F_FXSR,      F_SSE,    F_SSE2, F_SSE3,  F_CMPXCHG16B, F_NX,    F_LM,
	F_SVM, F_LAHF_SAHF, F_X2APIC, F_ABM,  F_SSE4A, F_POPCNT,
};

static bool is_in_qemu64(enum feature_id id)
{
	for (size_t i = 0; i < sizeof(qemu64) / sizeof(qemu64[0]); i++)
		if (qemu64[i] == id)
			return true;
	return false;
}

/*
 * True if the feature may be named to QEMU.  Of the bits of rule ANY, these are the two that say
 * that VERW clears buffers.  The others say what a processor no longer has, and only the newest
 * QEMU has names for them.
 */
static bool is_namable(enum feature_id id)
{
	return *feature_named(id, NAMED_QEMU) &&
	       (mask_is_feature(id) || id == F_MD_CLEAR || id == F_VERW_CLEAR);
}

/* True if all hosts can show it: KVM does not show a bit that its host lacks. */
static bool is_in_baseline(const struct mask *m, enum feature_id id)
{
	return feature_value(m->baseline, id) &&
	       (features[id].rule == RULE_ALL || (m->every && feature_value(m->every, id)));
}

/* The Linux that a mask is for, until it can be told: no feature that needs a newer one. */
#define MASK_KVM_KERNEL 0x0611

/*
 * True for a feature of the baseline that is not turned on, because QEMU would report on every host
 * that it is missing, or would start a guest in which it does not work.
 */
static bool is_left_alone(const struct mask *m, enum feature_id id)
{
	unsigned updates;
	const unsigned since = guest_kvm_since(id, &updates);

	if (!since || since > MASK_KVM_KERNEL)
		return true;
	switch (guest_kvm_choice(id)) {
	case GUEST_KVM_NONE:
		return false;
	case GUEST_KVM_TILES:
		return !m->base;
	case GUEST_KVM_NESTED:
	case GUEST_KVM_PMU:
	case GUEST_KVM_IDLE:
	case GUEST_KVM_SGX:
	case GUEST_KVM_TRACE:
	case GUEST_KVM_TIMER:
	case GUEST_KVM_TOPOLOGY:
	case GUEST_KVM_AVX10:
		break;
	}
	return true;
}

/* True if a guest can see the feature on a host that lacks it; bits of registers aside. */
static bool is_own(enum feature_id id)
{
	return guest_kvm_gives(id) >= GUEST_KVM_GIVES_INTEL &&
	       guest_kvm_choice(id) == GUEST_KVM_NONE && feature_leaf(&features[id]) < CPUID_MSR;
}

enum mask_kvm mask_kvm(const struct mask *m, enum feature_id id, bool wide)
{
	if (!is_namable(id))
		return MASK_KVM_UNSAID;
	if (is_in_baseline(m, id))
		return is_left_alone(m, id) ? MASK_KVM_UNSAID : MASK_KVM_ON;
	if (!m->base && is_in_qemu64(id))
		return MASK_KVM_OFF;
	if ((m->base || wide) && (m->hide_all || feature_value(m->seen, id) || is_own(id)))
		return MASK_KVM_OFF;
	return MASK_KVM_UNSAID;
}
