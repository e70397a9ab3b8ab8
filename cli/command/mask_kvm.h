/* SPDX-License-Identifier: MIT */
/*
 * mask_kvm.h - the options of cpulevel mask for QEMU, libvirt and Proxmox VE, and their plan.
 */
#ifndef MASK_KVM_H
#define MASK_KVM_H

#include <argp.h>

#include "fleet/pool.h"
#include "mask/kvm_plan.h"

/* Which versions are given; others are assumed. */
struct mask_kvm {
	struct kvm_offer offer;
	unsigned kernel;               /* the hosts' Linux, as CPU_VERSION */
	bool nested;                   /* guests run guests */
	const struct pool_host *start; /* the host that a guest starts on; NULL: any */
	struct merge offered, seen;    /* what KVM offers on all hosts, and where a guest starts */
	struct cpuid_set baseline;     /* of offered */
	struct kvm_plan plan;
};

/* The options of a parser whose input is a struct mask_kvm. */
extern const struct argp mask_kvm_argp;

/* Returns the name of an option that is given and that the reader has no use for, or NULL. */
const char *mask_kvm_unused(const struct mask_kvm *k, const enum kvm_reader *reader);

/* Sets the kernel of the hosts, for the offer's reader, if it is not given, and says so. */
void mask_kvm_kernel(struct mask_kvm *k);

/*
 * Sets the sets of *m, which are of the hosts, to those of what KVM offers on them; makes the plan,
 * if the reader needs one, and sets m->plan.  Prints on standard error which versions are assumed,
 * what is left out and why, and what is unknown.  Returns false after a message.
 */
bool mask_kvm_plan(struct mask_kvm *k, struct mask *m, enum kvm_reader reader,
                   const struct pool *pool);

#endif
