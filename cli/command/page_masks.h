/* SPDX-License-Identifier: MIT */
/*
 * page_masks.h - the masks of a pool in all dialects, for the page.
 */
#ifndef PAGE_MASKS_H
#define PAGE_MASKS_H

#include "fleet/explain.h"
#include "output/document.h"

/*
 * Returns a list: for each dialect its name, what cpulevel mask prints for these hosts, and the
 * lines it says about that; the mask is null if there is none.
 */
json_t *page_masks(const struct explained *e);

#endif
