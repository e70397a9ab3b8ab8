/* SPDX-License-Identifier: MIT */
/*
 * mask_evc.h - the mask of an EVC mode, which can be merged with the mask of a pool.
 */
#ifndef MASK_EVC_H
#define MASK_EVC_H

#include "input/evc_modes.h"
#include "mask/mask.h"
#include "mask/mask_vmx_merge.h"

struct mask_evc {
	const char *mode, *import; /* NULL: not given */
	bool published;            /* the mode's registers, zero for zero, and no more */
	size_t count;
	const char **without; /* each "NAME=0": also hidden; allocated */
};

/* Adds "NAME=0" to e->without.  Returns false after a message if it is not of this form. */
bool mask_evc_without(struct mask_evc *e, const char *arg);

/*
 * Adds to *m, which is empty, what the mode hides and what needs it, and the mask of the hosts if
 * hosts->seen is set.  Prints the source on standard error; of published registers also what they
 * hide of VMware's own, and which features the mode lacks but they do not mask: of those that the
 * hosts have, or of all.  A name of --with that several features have means the one that the hosts
 * have.  Returns false after a message.
 */
bool mask_evc_add(struct mask_merge *m, const struct mask_evc *e, const struct mask *hosts);

#endif
