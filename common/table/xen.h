/* SPDX-License-Identifier: MIT */
/*
 * xen.h - what Xen shows a guest of a feature, and by which name libxl knows it.
 *
 * A feature that Xen has no name for it shows to no guest.  xen.def has the names of libxl's own.
 */
#ifndef XEN_H
#define XEN_H

#include "table/feature.h"

/* Returns the name in a libxl configuration; "" if Xen has none. */
const char *xen_name(enum feature_id id);

/* True if a guest may be shown the host's bit. */
bool xen_shows(enum feature_id id);

#endif
