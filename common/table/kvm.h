/* SPDX-License-Identifier: MIT */
/*
 * kvm.h - what KVM, driven by QEMU, shows a guest of a feature.
 *
 * kvm.def is the table.  It is independent of how the feature merges.
 */
#ifndef KVM_H
#define KVM_H

#include "table/feature.h"

enum kvm_shows {
	KVM_NEVER,  /* no guest sees it, or only with the newest kernels; QEMU may have no name for
	               it */
	KVM_HOSTS,  /* the host's bit, if it is turned on */
	KVM_OWN,    /* KVM has it in software: on any host, if it is turned on */
	KVM_OPTION, /* only with another option of QEMU: -overcommit cpu-pm, pmu=, ... */
	KVM_LEAVES, /* the host's bit, but the base model must have leaves beyond 0DH */
	KVM_DEVICE, /* needs extra memory or devices: SGX, processor trace */
	KVM_NESTED, /* for guests that run guests: the administrator decides */
	KVM_UNMOVABLE, /* QEMU does not migrate a guest that has it */
};

/* Returns what KVM shows of a feature; the host's bit if kvm.def has no row and QEMU a name. */
enum kvm_shows kvm_shows(enum feature_id id);

#endif
