/* SPDX-License-Identifier: MIT */
/*
 * guest_kvm_host.h - the features that a running Linux takes away or adds on some processors.
 *
 * guest_kvm_host.def is the table.  A reason is the end of a sentence: "erratum 1386".
 */
#ifndef GUEST_KVM_HOST_H
#define GUEST_KVM_HOST_H

#include "table/guest_kvm.h"

/*
 * Returns why Linux takes a feature away on this host, or NULL.  *fixed is the microcode with which
 * it would not; 0: none.
 */
const char *guest_kvm_taken(const struct guest_kvm *k, const struct cpuid_set *host,
                            enum feature_id id, uint32_t *fixed);

/* Returns why this host has a feature whose bit it lacks, or NULL. */
const char *guest_kvm_made(const struct guest_kvm *k, const struct cpuid_set *host,
                           enum feature_id id);

/* Appends on which processors a feature is taken away or added, with reasons; parts end in "; ". */
void guest_kvm_host_about(struct text *t, enum feature_id id);

#endif
