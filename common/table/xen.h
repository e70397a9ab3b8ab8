/* SPDX-License-Identifier: MIT */
/*
 * xen.h - which features Xen shows to guests, and their names in libxl.
 *
 * Xen shows no guest a feature that it has no name for.  xen.def has names that only libxl uses.
 */
#ifndef XEN_H
#define XEN_H

#include "table/feature.h"

/* Versions of Xen: major << 8 | minor.  The oldest known, and that of Debian 13. */
#define XEN_OLDEST  0x040eU
#define XEN_DEFAULT 0x0414U

/* Returns the name in a libxl configuration; "" if Xen has none. */
const char *xen_name(enum feature_id id);

/* True if libxl of this version knows that name. */
bool xen_knows(enum feature_id id, unsigned version);

/* True if a guest may see the host's bit. */
bool xen_shows(enum feature_id id);

#endif
