/* SPDX-License-Identifier: MIT */
/*
 * evc_mask.h - the register masks of an EVC mode.
 */
#ifndef EVC_MASK_H
#define EVC_MASK_H

#include "fleet/evc.h"
#include "mask/mask_vmx_merge.h"

/* True if guests of a mode do not see a feature that VMware knows and shows to hardware hw. */
bool evc_mask_hides(const struct evc *mode, enum feature_id id, unsigned hw);

/*
 * Adds the mode's mask to *m: 0 for what it lacks, by its registers if it has any, else by
 * evc_mask_hides.  Leaf 0, the signature in leaf 1 EAX and numbers other than 0 are left alone:
 * bits taken from a number make another number, not the mode's.  Returns the source of the answer,
 * or EVC_UNKNOWN, with *m as it was, if the mode is partial: the mask would hide what the mode has.
 */
enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m);

#endif
