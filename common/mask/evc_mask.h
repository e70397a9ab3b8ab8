/* SPDX-License-Identifier: MIT */
/*
 * evc_mask.h - the register masks of an EVC mode.
 */
#ifndef EVC_MASK_H
#define EVC_MASK_H

#include "fleet/evc.h"
#include "mask/mask_vmx_merge.h"

/*
 * True if a mode hides a feature from a VM of virtual hardware hw: the mode lacks it, and VMware
 * would show the host's bit.  What is VMware's own (hypervisor bit, x2APIC, ...) is never hidden.
 */
bool evc_mask_hides(const struct evc *mode, enum feature_id id, unsigned hw);

/*
 * Adds what evc_mask_hides to *m.  Returns the source of the mode, or EVC_UNKNOWN, with *m
 * unchanged, if the mode is partial: the mask would hide features of the mode.
 */
enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m);

/*
 * Adds the mode's registers to *m, zero for zero, VMware's own bits too.  Leaf 0, the signature in
 * leaf 1 EAX and numbers other than 0 are not masked: clearing bits of a number does not give the
 * mode's number.  Returns the source of the registers, or EVC_UNKNOWN, with *m unchanged, if the
 * mode has none.
 */
enum evc_source evc_mask_published(const struct evc *mode, struct mask_merge *m);

/* Hides what needs, or repeats, a feature that *m hides.  Returns false if there is no memory. */
bool evc_mask_close(struct mask_merge *m, unsigned hw);

#endif
