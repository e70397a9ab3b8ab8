/* SPDX-License-Identifier: MIT */
/*
 * mask_bits.h - which bits the dialects of mask.h hide.
 *
 * Dialects of the same hypervisor differ in words and not in the hidden bits, so the choice is made
 * here, once for each kind of hypervisor.
 */
#ifndef MASK_BITS_H
#define MASK_BITS_H

#include "mask/mask.h"
#include "mask/mask_vmx_merge.h"

/*
 * True if VMware shows the host's bit to a VM of virtual hardware hw, and the bit is a feature of
 * the machine, not a constant.  How it merges does not matter.
 */
bool mask_vmx_covers(enum feature_id id, unsigned hw);

/*
 * True if a VMware mask must hide a feature: mask_vmx_covers it, not all hosts have it, and it is
 * seen or hide_all is set.  A VM requires it of its target even if its rule is ANY.
 */
bool mask_vmx_hides(const struct mask *m, enum feature_id id);

/* Writes the lines of mask_vmx_write for the rows for which keep returns true. */
typedef bool mask_keep(enum feature_id id);
void mask_vmx_lines(struct text *t, const struct mask *m, mask_keep *keep);

/* Adds what mask_vmx_write writes to other masks.  Returns false if there is no memory. */
bool mask_vmx_add(struct mask_merge *lines, const struct mask *m);

/*
 * True if a row is one bit at one place that hosts have or lack: of rule ALL, and no mirror of a
 * control register.  Only such bits are hidden.  Bits of rule ANY may be shown on every host, and
 * mirrors are set by the hypervisor itself.
 */
bool mask_is_feature(enum feature_id id);

/* True if a feature must be hidden: it is not in the baseline, but is seen or hide_all is set. */
bool mask_hides(const struct mask *m, enum feature_id id);

/*
 * True if every host has the leaf and subleaf, according to the last ones in the baseline.  Xen and
 * Firecracker do not start a VM with a mask for a leaf that the host does not have.  Of registers
 * (CPUID_MSR), they can mask IA32_ARCH_CAPABILITIES, and a guest only looks at it if CPUID says so.
 */
bool mask_everywhere(const struct mask *m, uint32_t leaf, uint32_t subleaf);

/* A leaf and the hidden bits in each of its registers. */
struct mask_leaf {
	uint32_t leaf, subleaf;
	uint32_t bits[CPUID_REGS];
	size_t next; /* the next row; start with a zeroed struct */
};

/* Moves *l to the next leaf with rows for which choose returns true.  False: no more. */
typedef bool mask_choose(const struct mask *m, enum feature_id id);
bool mask_leaf_next(struct mask_leaf *l, const struct mask *m, mask_choose *choose);

/* Appends 32 characters, bit 31 first: '0' where bits is set, other elsewhere. */
void mask_pattern(struct text *t, uint32_t bits, const char *other);

/* True if a feature must be hidden from guests of Xen and can be hidden on every host. */
bool mask_xen_hides(const struct mask *m, enum feature_id id);

/*
 * Writes, in a comment, the bits of registers that a mask for Xen should hide and cannot: all, or
 * those for which this version of xl has no name.
 */
void mask_xen_registers(struct text *t, const struct mask *m, bool all);

/*
 * True if a mask for Xen must set the last leaf or subleaf of this row, because Xen lets no guest
 * migrate to a host that has fewer.  Sets *last to that of the baseline.
 */
bool mask_xen_last(const struct mask *m, enum feature_id id, uint32_t *last);

/*
 * True if a mask for Xen must set the width of physical addresses, because a host has fewer bits
 * than another.  Sets *bits to those of the narrowest.
 */
bool mask_xen_width(const struct mask *m, uint32_t *bits);

#endif
