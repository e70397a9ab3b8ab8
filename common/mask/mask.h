/* SPDX-License-Identifier: MIT */
/*
 * mask.h - writes the mask of a pool in the dialect of a hypervisor.
 *
 * Each dialect is one file with one function.  All work on the same two sets: what a guest may see,
 * and the baseline of the pool.
 */
#ifndef MASK_H
#define MASK_H

#include "base/text.h"
#include "cpuid/cpuid.h"
#include "table/feature.h"

struct kvm_plan;

struct mask {
	const struct cpuid_set *seen; /* what any host has, or the host that a guest starts on */
	const struct cpuid_set *baseline; /* merge_baseline of the pool */
	unsigned hw;                      /* VMware's virtual hardware version */
	bool hide_all;                    /* also hide what is in neither seen nor baseline */
	bool grouped;                     /* VMware's colons between groups of four */
	const char *base;                 /* name of the base model; NULL: the best */
	unsigned oldest; /* the year of the pool's oldest generation of processors; 0: unknown */
	const struct kvm_plan *plan;   /* kvm_plan.h, for QEMU's dialects */
	const struct cpuid_set *every; /* what every host has: merge.low; NULL: unknown */
	const struct cpuid_set *hosts; /* the same, before what KVM gives; NULL: unknown */
	const char *name; /* name of the model, for dialects that need one; NULL: default */
	unsigned xen;     /* version of Xen, as in table/xen.h */
};

/* Appends the mask. */
typedef void mask_write(struct text *t, const struct mask *m);

/*
 * Writes .vmx register masks of 32 characters, bit 31 first: 0 for each hidden bit, '-' for the
 * others.  Only registers with a 0 get a line; lines are in the order of their text.  Subleaf 0 is
 * written without its number, as VMware does.  Hidden is what is in seen and not in baseline (with
 * hide_all, whatever is not in baseline), if it is in the table and VMware shows it to a VM of this
 * hardware version.
 */
mask_write mask_vmx_write;

/*
 * Writes featMask.vm.cpuid.NAME = "Max:0" for what mask_vmx_write hides, by VMware's capabilities.
 * After a comment follow register lines for what has none.
 */
mask_write mask_featmask_write;

/*
 * Write the plan of a guest's processor for KVM: "-cpu MODEL,...", libvirt's <cpu> element, a
 * stanza for Proxmox VE's cpu-models.conf.
 */
mask_write mask_qemu_write;
mask_write mask_libvirt_write;
mask_write mask_proxmox_write;

/*
 * Write the same plan for what runs QEMU or libvirt: a VirtualMachine of KubeVirt, OpenStack's
 * nova.conf, a template of OpenNebula, a cluster group of Incus, a custom CPU type of oVirt.
 * kvm_offer.only_adds must be set for nova and OpenNebula.
 */
mask_write mask_kubevirt_write;
mask_write mask_nova_write;
mask_write mask_opennebula_write;
mask_write mask_incus_write;
mask_write mask_ovirt_write;

/*
 * Writes the width of addresses for Cloud Hypervisor, which can hide no feature.  It is no mask
 * for hosts of which guests see a feature that another lacks.  m's sets are of what KVM offers.
 */
mask_write mask_cloud_hypervisor_write;

/* True if a guest of Cloud Hypervisor sees the feature, or another vendor, on some hosts only. */
bool mask_cloud_hypervisor_shows(const struct mask *m, enum feature_id id);

/*
 * Write cpuid="host,NAME=0,..." for xl.cfg, and the form with a pattern for each register.  xl
 * drops a name that its version does not know and starts the VM all the same, so the first writes
 * the second form instead if there is such a name.
 */
mask_write mask_xen_write;
mask_write mask_xend_write;

/* Writes Firecracker's custom CPU template, JSON. */
mask_write mask_firecracker_write;

/* Writes VBoxManage commands for the features that VirtualBox has a switch for. */
mask_write mask_virtualbox_write;

#endif
