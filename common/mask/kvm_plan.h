/* SPDX-License-Identifier: MIT */
/*
 * kvm_plan.h - the processor that a guest of KVM gets: a named model, and what is turned on and
 * off.
 *
 * The model is the one that leaves the least to say.  What is in the baseline is on, if KVM gives
 * it to guests; what the model has and the baseline lacks is off; the rest is not mentioned.
 */
#ifndef KVM_PLAN_H
#define KVM_PLAN_H

#include "mask/kvm_offer.h"
#include "mask/mask.h"
#include "table/guest_kvm.h"

enum kvm_say { KVM_UNSAID, KVM_ON, KVM_OFF };

/* Why a feature of the baseline is not turned on. */
enum kvm_left {
	KVM_LEFT_NOT,      /* the guest has it */
	KVM_LEFT_OWNER,    /* another setting decides, or it keeps a guest from moving */
	KVM_LEFT_BASE,     /* the model has no leaves in which a guest would look for it */
	KVM_LEFT_WITHHELD, /* the hypervisor itself says that no guest gets it */
	KVM_LEFT_VERSION,  /* this version of QEMU or libvirt has no name for it */
};

struct kvm_plan {
	struct kvm_offer offer;
	enum cpu_model_id base;
	uint8_t say[F_COUNT];         /* enum kvm_say */
	uint8_t left[F_COUNT];        /* enum kvm_left */
	size_t on, off, lost;         /* lost: KVM_LEFT_BASE */
	char vendor[13];              /* "": the host's own */
	bool several_vendors;         /* the hosts have */
	unsigned phys_bits;           /* 0: unknown */
	uint32_t last, last_extended; /* leaves, where the model has more than a host; else 0 */
};

enum kvm_planned {
	KVM_PLANNED,
	KVM_NO_SUCH_BASE,  /* no model has the name mask.base */
	KVM_BASE_TOO_NEW,  /* this version does not know the model */
	KVM_BASE_NOT_SAFE, /* this version has no name for a feature that must be off: unsafe */
};

/*
 * Returns the hosts' Linux as a plan wants it, with its stable updates.  Nested guests are a choice
 * to be made before the plan.  All else is chosen: of what a guest then could have, a plan keeps
 * what the model has, and adds nothing.
 */
struct guest_kvm kvm_plan_host(unsigned kernel, bool nested);

/* True for what is decided beside the features of a guest, or keeps it from moving. */
bool kvm_plan_is_owners(enum feature_id id);

/*
 * Returns why a feature that KVM offers on all hosts is turned on with no model, or KVM_LEFT_NOT.
 */
enum kvm_left kvm_plan_left(const struct kvm_offer *offer, enum feature_id id);

/*
 * Makes the plan for a mask and a reader: from m->base, or from the best model.  m->baseline and
 * m->every are of what KVM offers on the hosts (fleet/pool_kvm.h).  On
 * KVM_BASE_NOT_SAFE *reterr_id is the feature.
 */
enum kvm_planned kvm_plan_make(struct kvm_plan *p, const struct mask *m,
                               const struct kvm_offer *offer, enum feature_id *reterr_id);

#endif
