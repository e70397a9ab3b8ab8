/* SPDX-License-Identifier: MIT */
/*
 * kvm.h - what KVM, driven by QEMU, shows a guest of a feature.
 *
 * kvm.def is the table.  It has nothing to do with how the feature merges.
 */
#ifndef KVM_H
#define KVM_H

#include "table/feature.h"

enum kvm_shows {
	KVM_NEVER,  /* not to any guest, or only newer kernels do; QEMU may have no name for it */
	KVM_HOSTS,  /* the host's bit, if it is asked for */
	KVM_OWN,    /* KVM has it in software: on any host, if it is asked for */
	KVM_OPTION, /* only with an option of QEMU's own: -overcommit cpu-pm, pmu=, avx10-version=
	             */
	KVM_LEAVES, /* the host's bit, but the base model must have leaves beyond 0DH */
	KVM_DEVICE, /* needs memory or devices of its own: SGX, processor trace */
	KVM_NESTED, /* for guests that run guests: the owner's choice */
	KVM_UNMOVABLE, /* with it QEMU refuses to migrate */
};

enum kvm_shows kvm_shows(enum feature_id id);

#endif
