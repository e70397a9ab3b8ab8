/* SPDX-License-Identifier: MIT */
/*
 * evc_mask.h - the register masks of an EVC mode.
 */
#ifndef EVC_MASK_H
#define EVC_MASK_H

#include "fleet/evc.h"
#include "mask/mask_vmx_merge.h"

/* True if a mode hides a feature that VMware has a name for and shows to virtual hardware hw. */
bool evc_mask_hides(const struct evc *mode, enum feature_id id, unsigned hw);

/*
 * Adds the mode's mask to *m: 0 for what it lacks, from its registers if it has any, else from
 * evc_mask_hides.  Leaf 0, the signature in leaf 1 EAX and numbers other than 0 are not masked:
 * clearing bits of a number does not give the mode's number.  Returns the source of the mask, or
 * EVC_UNKNOWN, with *m unchanged, if the mode is partial: the mask would hide features of the mode.
 */
enum evc_source evc_mask(const struct evc *mode, unsigned hw, struct mask_merge *m);

#endif
