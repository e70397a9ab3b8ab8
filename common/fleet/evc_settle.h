/* SPDX-License-Identifier: MIT */
/*
 * evc_settle.h - what a mode says of each feature, from its registers and its names together.
 *
 * A feature that any list shows is shown.  What none of them shows is hidden if the lists speak of
 * it, and that depends on what they are:
 *
 *   registers   0 for a bit that guests do not see.  They are for virtual hardware 8 and lower
 *               (vSphere API, EVCMode.guaranteedCPUFeatures), so a mode that has nothing else hides
 *               what VMware shows only to later VMs.
 *   names       complete: what is not named is masked off.  VMware has no names for the features of
 *               every 64-bit host, which it has shown since virtual hardware 4 (FPU, CMOV, SSE2).
 */
#ifndef EVC_SETTLE_H
#define EVC_SETTLE_H

#include "fleet/evc.h"

/* Notes that a list of the mode shows a feature, as EVC_MAY or EVC_HAS; the stronger one stays. */
void evc_guarantee(struct evc *mode, enum feature_id id, enum evc_state state);

/* The same of the features whose bits are set in bits, in the register at. */
void evc_guarantee_bits(struct evc *mode, const struct place *at, uint32_t bits,
                        enum evc_state state);

/*
 * Decides what the mode's lists leave open, once all of them are read.  Afterwards no feature that
 * the mode shows needs one that it lacks, and it lacks what needs something that it lacks.
 */
void evc_settle(struct evc *mode);

/* True if guests see the feature on a host that has it. */
bool evc_shows(const struct evc *mode, enum feature_id id);

#endif
