/* SPDX-License-Identifier: MIT */
/*
 * kvm_guest.h - the processor that a definition gives to a guest of KVM.
 *
 * The definition is libvirt's XML, QEMU's -cpu or a VM's file of Proxmox VE.  Its reader fills the
 * struct; what it means for a host is in kvm_check.h.
 */
#ifndef KVM_GUEST_H
#define KVM_GUEST_H

#include "mask/kvm_offer.h"

/* Where the features come from that the definition does not name. */
enum kvm_guest_from {
	KVM_FROM_MODEL,      /* a named model */
	KVM_FROM_HOST,       /* the host as QEMU shows it: host-passthrough, host, max */
	KVM_FROM_HOST_MODEL, /* the host as libvirt describes it when the guest starts */
};

/* What a definition says of a feature. */
enum kvm_said {
	KVM_SAID_NOTHING,
	KVM_SAID_ON,
	KVM_SAID_OFF,
	KVM_SAID_OPTIONAL,  /* on if the host where the guest starts has it */
	KVM_SAID_FORBIDDEN, /* the guest does not start on a host that has it */
};

/* The width of physical addresses that QEMU gives a guest of a model, if nothing is said. */
#define KVM_GUEST_BITS 40U

#define KVM_GUEST_NAME 64

struct kvm_guest {
	enum kvm_reader reader;
	enum kvm_guest_from from;
	enum cpu_model_id base;    /* M_NO_MODEL: no features */
	char name[KVM_GUEST_NAME]; /* of the model, as the definition has it */
	unsigned libvirt;          /* the version whose models count */
	uint8_t said[F_COUNT];     /* enum kvm_said */
	bool compared;             /* libvirt looks for what its own model has on the host */
	bool minimum;              /* also whatever else the host has */
	bool strict;               /* and nothing else: a host with more is refused */
	char vendor[13];           /* that the guest sees; "": the host's */
	char host_vendor[13];      /* that the host must have; "": any */
	unsigned bits;             /* of physical addresses; 0: KVM_GUEST_BITS */
	bool host_bits;            /* those of the host, at most limit */
	unsigned limit;            /* 0: none */
	bool pmu;                  /* it has performance counters */
	bool fixed;                /* it may have what does not migrate */
	bool paced; /* the frequency of its clock is given, so that invtsc migrates */
};

/* Makes *g the guest that QEMU starts if nothing is said. */
void kvm_guest_start(struct kvm_guest *g, enum kvm_reader reader);

/* Sets the model by QEMU's or libvirt's name.  Returns false if it is unknown. */
bool kvm_guest_model(struct kvm_guest *g, const char *name);

/*
 * Says something of all features that the reader calls so; returns how many there are.  QEMU takes
 * '_' for '-', and has second names for some features.
 */
size_t kvm_guest_say(struct kvm_guest *g, const char *name, enum kvm_said what);

#endif
