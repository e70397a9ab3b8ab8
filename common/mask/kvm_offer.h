/* SPDX-License-Identifier: MIT */
/*
 * kvm_offer.h - which models and features a hypervisor has names for.
 *
 * A line with a name that QEMU or libvirt does not know does not start a guest.
 */
#ifndef KVM_OFFER_H
#define KVM_OFFER_H

#include "table/cpu_model.h"

/* Who reads the mask.  Firecracker has no models: its templates need no plan. */
enum kvm_reader { KVM_QEMU, KVM_LIBVIRT, KVM_PROXMOX, KVM_FIRECRACKER };

/* Names that a program gave of itself; libvirt: they are libvirt's names, else QEMU's. */
struct kvm_names {
	bool given, libvirt;
	size_t count;
	char **at; /* allocated */
};

struct kvm_offer {
	enum kvm_reader reader;
	unsigned qemu, libvirt, proxmox; /* versions, as CPU_VERSION */
	/* What there is instead of what the versions have, and features that no guest gets. */
	struct kvm_names models, features, withheld;
};

/* The oldest versions that the tables know, and those of Debian 13. */
#define KVM_OFFER_QEMU_MIN    CPU_VERSION(7, 2)
#define KVM_OFFER_LIBVIRT_MIN CPU_VERSION(9, 0)
#define KVM_OFFER_PROXMOX_MIN CPU_VERSION(8, 0)
#define KVM_OFFER_QEMU        CPU_VERSION(10, 0)
#define KVM_OFFER_LIBVIRT     CPU_VERSION(11, 3)
#define KVM_OFFER_PROXMOX     CPU_VERSION(9, 0)

/*
 * The oldest Linux that the tables know, that of Debian 13, and the newest in Firecracker's
 * docs/kernel-policy.md (e4d8877c).
 */
#define KVM_OFFER_KERNEL_MIN         CPU_VERSION(5, 10)
#define KVM_OFFER_KERNEL             CPU_VERSION(6, 12)
#define KVM_OFFER_KERNEL_FIRECRACKER CPU_VERSION(6, 1)

/* Return the version of QEMU and of Linux that a version of Proxmox VE came with. */
unsigned kvm_offer_proxmox_qemu(unsigned proxmox);
unsigned kvm_offer_proxmox_kernel(unsigned proxmox);

/* Returns the name under which the reader knows a model, or NULL if it does not. */
const char *kvm_offer_model(const struct kvm_offer *o, enum cpu_model_id id);

/* Returns the name under which the reader knows a feature, or NULL if it does not. */
const char *kvm_offer_feature(const struct kvm_offer *o, enum feature_id id);

/* True if the hypervisor itself says that no guest gets the feature. */
bool kvm_offer_withholds(const struct kvm_offer *o, enum feature_id id);

#endif
