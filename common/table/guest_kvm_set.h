/* SPDX-License-Identifier: MIT */
/*
 * guest_kvm_set.h - the leaves and registers that KVM lists for guests.
 *
 * guest_kvm_leaf.def is the table.  guest_kvm_set, in guest_kvm.h, makes the whole list.
 */
#ifndef GUEST_KVM_SET_H
#define GUEST_KVM_SET_H

#include "table/guest_kvm.h"

/* True if KVM lists the leaf of a feature on this host: it is not after the last one. */
bool guest_kvm_lists(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id);

#endif
