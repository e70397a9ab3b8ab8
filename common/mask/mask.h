/* SPDX-License-Identifier: MIT */
/*
 * mask.h - what a hypervisor is told to hide from a guest, in the hypervisor's words.
 *
 * Each dialect is one file and one function over the same two sets: what a guest might see, and
 * what the pool promises.
 */
#ifndef MASK_H
#define MASK_H

#include "base/text.h"
#include "cpuid/cpuid.h"
#include "table/feature.h"

struct mask {
	const struct cpuid_set *seen;     /* what any host has, or the one that a guest starts on */
	const struct cpuid_set *baseline; /* merge_promise of the pool */
	unsigned hw;                      /* VMware's virtual hardware version */
	bool hide_all;                    /* hide all that is not promised, not only what differs */
	bool grouped;                     /* VMware's colons between groups of four */
	const char *base;              /* name of the base model, or NULL for the dialect's own */
	const struct cpuid_set *every; /* what every host has: merge.low; NULL: not known */
	const char *name;              /* name to give to the model, where a dialect has one */
};

typedef void mask_write(struct text *t, const struct mask *m);

/*
 * Writes .vmx register masks: 0 for each bit to hide, '-' elsewhere, 32 characters, bit 31 first; a
 * line only for a register with a 0; lines in the order of their text.  Subleaf 0 is written
 * without its number, as VMware does.  To hide is what is in seen and not in promise, or, baseline,
 * all that is not in promise, known to the table, and shown by that hardware version.
 */
mask_write mask_vmx_write;

/* What follows hides the same bits in other words, or says what a guest gets in KVM's. */

/*
 * featMask.vm.cpuid.NAME = "Max:0" for what mask_vmx_write hides, by VMware's capabilities; behind
 * them, announced by a comment, its register lines for what has none.
 */
mask_write mask_featmask_write;

/*
 * A guest's processor for QEMU with KVM: "-cpu BASE,...", libvirt's <cpu> element, a stanza for
 * Proxmox VE's cpu-models.conf.  The base is qemu64, if none is named.  Asked for is what is
 * promised; taken away what is not and a guest of this base might get; see mask_bits.h.
 */
mask_write mask_qemu_write;
mask_write mask_libvirt_write;
mask_write mask_proxmox_write;

/* cpuid="host,NAME=0,..." of xl.cfg, and the form with a pattern for each register. */
mask_write mask_xen_write;
mask_write mask_xend_write;

/* Firecracker's custom CPU template, JSON. */
mask_write mask_firecracker_write;

/* VBoxManage commands, for those features that VirtualBox has a switch for. */
mask_write mask_virtualbox_write;

#endif
