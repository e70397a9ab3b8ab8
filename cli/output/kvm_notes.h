/* SPDX-License-Identifier: MIT */
/*
 * kvm_notes.h - says why guests of KVM do not get what all hosts have according to their reports.
 */
#ifndef KVM_NOTES_H
#define KVM_NOTES_H

#include <stdio.h>

#include "fleet/pool_kvm.h"
#include "mask/mask.h"

/*
 * Prints on standard error a line for each reason, with the features: what the hosts' Linux takes
 * away, with the hosts, and what it does not know.  hosts has the sets of the reports, m those of
 * what KVM offers.  Nothing is said of what KVM gives to no guest, or what the owner decides.
 */
void kvm_notes_print(const struct pool *pool, const struct guest_kvm *k, const struct mask *hosts,
                     const struct mask *m);

/* True if KVM could give a feature to a guest on all hosts, each for itself. */
bool kvm_notes_all_offer(const struct pool *pool, const struct guest_kvm *k, enum feature_id id);

/* Takes words about a feature under KVM, and the hosts of which they are true; NULL: all. */
typedef void kvm_notes_say(void *ctx, const char *words, const struct pool *pool,
                           const bool *which);

/*
 * Says what becomes of a feature under KVM on the hosts, once for each reason.  Returns false if
 * there is nothing to say: KVM gives a guest what its host has.
 */
bool kvm_notes_explain(const struct pool *pool, const struct guest_kvm *k, enum feature_id id,
                       kvm_notes_say *say, void *ctx);

/* Prints the names of the hosts of which which[] is true, or the first, and how many more. */
void kvm_notes_hosts(FILE *f, const struct pool *pool, const bool *which);

/*
 * Prints which hosts' IA32_ARCH_CAPABILITIES nobody has read, and what that means for the mask.
 * Prints nothing if there are none.
 */
void kvm_notes_unread(const struct pool *pool, const char *consequence);

/* Returns the first host of which a register (CPUID_MSR | number) was not read, or NULL. */
const struct pool_host *kvm_notes_first_unread(const struct pool *pool, uint32_t leaf);

#endif
