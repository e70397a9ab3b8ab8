/* SPDX-License-Identifier: MIT */
/*
 * mask_bits.h - what the dialects of mask.h share: which bits they are about.
 *
 * Dialects differ in words, not in what is hidden, so the choice is made here once for each kind of
 * hypervisor.
 */
#ifndef MASK_BITS_H
#define MASK_BITS_H

#include "mask/mask.h"
#include "mask/mask_vmx_merge.h"

/*
 * True if a VMware mask for virtual hardware hw hides a feature where it is not promised: a guest
 * of that version is shown the host's bit, and the bit is the machine's own.
 */
bool mask_vmx_covers(enum feature_id id, unsigned hw);

/* The lines of mask_vmx_write, for the rows that keep says true for. */
typedef bool mask_keep(enum feature_id id);
void mask_vmx_lines(struct text *t, const struct mask *m, mask_keep *keep);

/* Adds what mask_vmx_write writes to lines of other origin.  Returns false if there is no memory.
 */
bool mask_vmx_add(struct mask_merge *lines, const struct mask *m);

/*
 * True if a row is one bit, at one place, that hosts have or lack: of rule ALL and no mirror of a
 * control register.  Only such bits are hidden: what is of rule ANY is right to show, and what is
 * the hypervisor's own it sets by itself.
 */
bool mask_is_feature(enum feature_id id);

/* True if a feature is to hide: not promised, and seen or, baseline, in the table at all. */
bool mask_hides(const struct mask *m, enum feature_id id);

/*
 * True if every host has the leaf and subleaf, by the last ones that are promised.  Xen and
 * Firecracker refuse to start a machine with a mask for a leaf that the host does not have.
 */
bool mask_everywhere(const struct mask *m, uint32_t leaf, uint32_t subleaf);

/* A leaf and the bits to hide in each of its registers. */
struct mask_leaf {
	uint32_t leaf, subleaf;
	uint32_t bits[CPUID_REGS];
	size_t next; /* the row where the walk goes on; start with a zeroed struct */
};

/* Moves *l to the next leaf that has rows which choose picks, ascending.  False: no more. */
typedef bool mask_choose(const struct mask *m, enum feature_id id);
bool mask_leaf_next(struct mask_leaf *l, const struct mask *m, mask_choose *choose);

/* Appends 32 characters, bit 31 first: '0' where bits is set, '-' or whatever other is, elsewhere.
 */
void mask_pattern(struct text *t, uint32_t bits, const char *other);

/*
 * What is said of a feature to QEMU, and to what drives QEMU: to turn it on, off, or nothing, so
 * that it is as the base model has it.
 */
enum mask_kvm { MASK_KVM_UNSAID, MASK_KVM_ON, MASK_KVM_OFF };

/* The base where none is named. */
#define MASK_KVM_BASE "qemu64"

/*
 * ON is what is promised and KVM gives to guests.  OFF is what is not promised and a guest might
 * get: with the own base what that has; with another what is seen, what KVM gives whatever the host
 * has and, baseline, all that has a name; wide treats the own base as another.  No more, since an
 * older QEMU refuses names that it does not know.
 */
enum mask_kvm mask_kvm(const struct mask *m, enum feature_id id, bool wide);

/* True if a feature is to hide from a guest of Xen, which it can be on every host. */
bool mask_xen_hides(const struct mask *m, enum feature_id id);

/*
 * True if Xen must be told the last leaf or subleaf that the row counts, since it lets no guest go
 * to a host that has fewer; *last is then the promised one.
 */
bool mask_xen_last(const struct mask *m, enum feature_id id, uint32_t *last);

#endif
