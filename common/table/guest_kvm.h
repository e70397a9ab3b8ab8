/* SPDX-License-Identifier: MIT */
/*
 * guest_kvm.h - what KVM on a running Linux offers its guests of what the firmware shows.
 *
 * The tables are guest_kvm.def (features), guest_kvm_host.def (what Linux changes on some
 * processors) and guest_kvm_leaf.def (leaves and registers).  They are independent of how a feature
 * merges, and of which names a version of QEMU knows.
 */
#ifndef GUEST_KVM_H
#define GUEST_KVM_H

#include "base/text.h"
#include "table/feature.h"

/* What the owner of a guest decides beside its features. */
enum guest_kvm_choice {
	GUEST_KVM_NONE,     /* nothing */
	GUEST_KVM_NESTED,   /* that the guest runs guests */
	GUEST_KVM_PMU,      /* that it has performance counters: pmu= */
	GUEST_KVM_IDLE,     /* that it keeps a processor to itself: -overcommit cpu-pm */
	GUEST_KVM_SGX,      /* memory for enclaves */
	GUEST_KVM_TRACE,    /* processor trace: kvm_intel's pt_mode */
	GUEST_KVM_TIMER,    /* invtsc, with which QEMU does not migrate a guest */
	GUEST_KVM_TOPOLOGY, /* follows -smp */
	GUEST_KVM_AVX10,    /* follows avx10-version= */
	GUEST_KVM_TILES,    /* a base model with leaves 1DH and 1EH */
};

/* The host's Linux, and the owner's choices.  All zero is no valid kernel. */
struct guest_kvm {
	unsigned kernel;      /* 0x0601: Linux 6.1 */
	bool updated;         /* with the stable updates of that series */
	bool microcode_known; /* else a feature that needs a fixed microcode counts as taken */
	uint64_t microcode;   /* the revision on the host */
	bool nested, pmu, idle, sgx, trace, timer; /* the choices; the others are always made */
};

/* Why a guest can have a feature or not.  Those up to GUEST_KVM_MADE can be turned on. */
enum guest_kvm_why {
	GUEST_KVM_HOSTS,     /* the host has it, and KVM passes it on */
	GUEST_KVM_OWN,       /* KVM has it in software, on any host */
	GUEST_KVM_MADE,      /* the host lacks the bit, but Linux knows that it has the feature */
	GUEST_KVM_LACKS,     /* the host lacks it */
	GUEST_KVM_UNREAD,    /* nobody has read the host's register */
	GUEST_KVM_NEVER,     /* KVM offers it to no guest */
	GUEST_KVM_NEWER,     /* a newer kernel offers it */
	GUEST_KVM_PROCESSOR, /* Linux takes it away on this processor */
	GUEST_KVM_MICROCODE, /* Linux takes it away until the processor has a newer microcode */
	GUEST_KVM_CHOICE,    /* the owner has not chosen it */
};

/* Returns why guests of this host can have a feature of one bit or not. */
enum guest_kvm_why guest_kvm_why(const struct guest_kvm *k, const struct cpuid_set *host,
                                 enum feature_id id);

/* True if guests of the host can have the feature. */
bool guest_kvm_offers(const struct guest_kvm *k, const struct cpuid_set *host, enum feature_id id);

/*
 * Sets *offered to what KVM_GET_SUPPORTED_CPUID returns on this host, with what QEMU adds, and
 * without what the owner has not chosen.  KVM's own leaves (4000000xH), topology, counters (0AH)
 * and SEV are not in it.  offered must not be host.
 */
void guest_kvm_set(const struct guest_kvm *k, const struct cpuid_set *host,
                   struct cpuid_set *offered);

/*
 * True if the kernel is of the series since or newer, or has the stable updates of the series
 * updates (0: none) or a newer one.
 */
bool guest_kvm_reaches(const struct guest_kvm *k, unsigned since, unsigned updates);

/* What the table says of a feature, whatever the host is. */
enum guest_kvm_gives {
	GUEST_KVM_GIVES_UNKNOWN, /* no row: nothing, as far as is known */
	GUEST_KVM_GIVES_NEVER,
	GUEST_KVM_GIVES_HOSTS, /* the host's value */
	GUEST_KVM_GIVES_INTEL, /* 1 on Intel's processors, in software; the host's bit on others */
	GUEST_KVM_GIVES_OWN,   /* 1, in software */
};
enum guest_kvm_gives guest_kvm_gives(enum feature_id id);
enum guest_kvm_choice guest_kvm_choice(enum feature_id id);

/*
 * Returns the first kernel that offers the feature, 0x050a for 5.10 and all before it; 0: none.
 * *updates is the oldest series whose stable updates have it too; 0: none has.
 */
unsigned guest_kvm_since(enum feature_id id, unsigned *updates);

/* Returns how a guest gets a feature: "only if it is to run guests"; "" for GUEST_KVM_NONE. */
const char *guest_kvm_choice_text(enum guest_kvm_choice choice);

/* Appends why, without the feature's name: "guests of Linux 6.1 do not get it on this processor:
 * erratum 1386". */
void guest_kvm_why_text(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                        enum feature_id id);

/*
 * Appends why Linux takes a feature away on a host (GUEST_KVM_PROCESSOR, GUEST_KVM_MICROCODE):
 * "erratum 1386", "erratum 1386; not with microcode 800126EH".
 */
void guest_kvm_taken_text(struct text *t, const struct guest_kvm *k, const struct cpuid_set *host,
                          enum feature_id id);

/*
 * Appends what the table says of a feature: "KVM shows a guest the host's value, from Linux 6.4 on;
 * ...".  Parts end in "; ".  Nothing if there is no row.
 */
void guest_kvm_about(struct text *t, enum feature_id id);

#endif
