/* SPDX-License-Identifier: MIT */
/*
 * mask_evc.h - the mask of an EVC mode, alone or together with that of a pool.
 */
#ifndef MASK_EVC_H
#define MASK_EVC_H

#include "input/evc_modes.h"
#include "mask/mask_vmx_merge.h"

struct mask_evc {
	const char *mode, *import; /* NULL if not asked for */
	size_t count;
	struct place *without; /* hidden as well; allocated */
};

/* Takes "NAME=0"; what is wrong with it has been said. */
bool mask_evc_without(struct mask_evc *e, const char *arg);

/*
 * Adds the mode's lines to *m, and says on standard error where they are from and what they leave
 * to be seen of that which the mode lacks: of what the hosts have, or, if seen is NULL, of all that
 * a host could.  On failure the cause has been said.
 */
bool mask_evc_add(struct mask_merge *m, const struct mask_evc *e, unsigned hw,
                  const struct cpuid_set *seen);

#endif
