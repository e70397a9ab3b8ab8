/* SPDX-License-Identifier: MIT */
/*
 * mask_evc.h - the mask of an EVC mode, which can be merged with the mask of a pool.
 */
#ifndef MASK_EVC_H
#define MASK_EVC_H

#include "input/evc_modes.h"
#include "mask/mask_vmx_merge.h"

struct mask_evc {
	const char *mode, *import; /* NULL: not given */
	size_t count;
	const char **without; /* each "NAME=0": also hidden; allocated */
};

/* Adds "NAME=0" to e->without.  Returns false after a message if it is not of this form. */
bool mask_evc_without(struct mask_evc *e, const char *arg);

/*
 * Adds the mode's lines to *m.  Prints on standard error their source, and which features the mode
 * lacks but its lines do not mask; of the features in seen, or of all if seen is NULL.  A name that
 * several features have means the one in seen.  Returns
 * false after a message.
 */
bool mask_evc_add(struct mask_merge *m, const struct mask_evc *e, unsigned hw,
                  const struct cpuid_set *seen);

#endif
