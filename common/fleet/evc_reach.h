/* SPDX-License-Identifier: MIT */
/*
 * evc_reach.h - which EVC modes the hosts of a pool can reach at all.
 *
 * The modes of a vendor are not one line: Zen has no XOP, and Bulldozer no 3DNow!.  A host that
 * lacks a feature of a mode may have it switched off, or be of a generation that never has it.  The
 * list of modes says which: a host of that generation has a feature that no mode shows together
 * with the missing one.
 */
#ifndef EVC_REACH_H
#define EVC_REACH_H

#include "fleet/evc.h"
#include "fleet/pool.h"

/*
 * False if a host of the pool can never have a feature that the mode needs: the host has another
 * feature that a mode of this vendor needs, and each mode that shows that one lacks the former.
 */
bool evc_reachable(const struct evc *modes, size_t count, const struct evc *mode,
                   const struct pool *pool);

/*
 * Returns the highest mode that the hosts qualify for, or NULL.  Sets *next to the first one above
 * it that they can reach, or NULL, and *above to whether there is any.
 */
const struct evc *evc_highest(const struct evc *modes, size_t count, const struct pool *pool,
                              const struct cpuid_set *baseline, const struct evc **next,
                              bool *above);

#endif
