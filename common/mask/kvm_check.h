/* SPDX-License-Identifier: MIT */
/*
 * kvm_check.h - whether a guest of KVM finds on a host what its definition gives it.
 *
 * What the definition takes from the host where the guest starts is that of any host of the pool:
 * the others must have it too.
 */
#ifndef KVM_CHECK_H
#define KVM_CHECK_H

#include "mask/kvm_guest.h"
#include "table/guest_kvm.h"

enum kvm_want {
	KVM_WANT_NOT,
	KVM_WANT_IT,
	KVM_WANT_HOSTS, /* if the host where the guest starts has it */
	KVM_WANT_NONE,  /* no host may have it */
};

/* In ascending order: of several processors, the worst counts. */
enum kvm_fit {
	KVM_FIT_YES,
	KVM_FIT_UNKNOWN, /* it is not known what the host has */
	KVM_FIT_MORE,    /* the host has what it must not have */
	KVM_FIT_NO,      /* the host lacks it, or KVM does not give it there */
};

struct kvm_check {
	const struct kvm_guest *guest;
	uint8_t want[F_COUNT]; /* enum kvm_want */
	/* Of the processors that were added: which features some have, and some may have. */
	bool some[F_COUNT], perhaps[F_COUNT];
	size_t processors;
	unsigned widest;          /* physical addresses that a guest can have on one of them */
	char vendor[13];          /* of the first */
	uint32_t signature;       /* of the first: family and model */
	bool vendors, signatures; /* they differ */
};

/* Begins the check of a guest, which must stay as it is. */
void kvm_check_start(struct kvm_check *c, const struct kvm_guest *guest);

/* Adds a processor of the pool.  All are added before the functions below are called. */
void kvm_check_add(struct kvm_check *c, const struct guest_kvm *k, const struct cpuid_set *set);

/* Returns whether the guest finds on a processor what it has of a feature. */
enum kvm_fit kvm_check_feature(const struct kvm_check *c, const struct guest_kvm *k,
                               const struct cpuid_set *set, enum feature_id id);

/* Returns the bits of physical addresses that the guest may have. */
unsigned kvm_check_bits(const struct kvm_check *c);

/* The same as kvm_check_feature for these bits, the vendor, and family and model. */
enum kvm_fit kvm_check_width(const struct kvm_check *c, const struct cpuid_set *set);
enum kvm_fit kvm_check_vendor(const struct kvm_check *c, const struct cpuid_set *set);
enum kvm_fit kvm_check_signature(const struct kvm_check *c);

/* True if the guest can have the feature at its start, and then does not migrate: invtsc. */
bool kvm_check_stays(const struct kvm_check *c);

/*
 * Returns how many features the guest lacks that every has and KVM passes on.  libvirt does not
 * treat XSAVES as migratable.
 */
size_t kvm_check_unused(const struct kvm_check *c, const struct guest_kvm *k,
                        const struct cpuid_set *every);

#endif
