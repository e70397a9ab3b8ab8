/* SPDX-License-Identifier: MIT */
/*
 * pool_kvm.h - what KVM on the running hosts of a pool offers their guests.
 *
 * Firmware and the probe see a host otherwise than its guests do: table/guest_kvm.h.
 */
#ifndef POOL_KVM_H
#define POOL_KVM_H

#include "fleet/pool.h"
#include "table/guest_kvm.h"

/* Returns *k with what is known of the microcode of a host. */
struct guest_kvm pool_kvm_host(const struct guest_kvm *k, const struct pool_host *host);

/*
 * Merges what KVM offers on each of the hosts.  Returns ERR_MANY_LEAVES if a set cannot hold
 * all leaves, ERR_MEMORY, or none.
 */
enum err pool_kvm_merge(const struct pool_host *host, size_t hosts, const struct guest_kvm *k,
                        struct merge *m);

/*
 * Returns why guests of a host can have a feature or not: if its processors differ, why they
 * cannot.  Sets *cause, if it is not NULL, to the leaves of the processor that is the cause.
 */
enum guest_kvm_why pool_kvm_why(const struct pool_host *host, const struct guest_kvm *k,
                                enum feature_id id, struct cpuid_set *cause);

/* True if a host has a register of features that nobody has read: a leaf CPUID_MSR | number. */
bool pool_kvm_unread(const struct pool_host *host, uint32_t leaf);

#endif
