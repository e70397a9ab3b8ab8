/* SPDX-License-Identifier: MIT */
/*
 * mask_notes.h - what an administrator should know of the features that a VMware mask hides.
 */
#ifndef MASK_NOTES_H
#define MASK_NOTES_H

#include "fleet/pool.h"
#include "mask/mask.h"

/*
 * Prints on standard error, for the features that a mask for VMware hides: the ones that an update
 * of the microcode would add, as it did to another host with the same processor, with the hosts
 * that lack them; and the ones of which it is not known whether a running VM requires them.
 */
void mask_notes_print(const struct mask *m, const struct pool *p);

#endif
