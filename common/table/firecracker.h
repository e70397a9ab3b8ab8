/* SPDX-License-Identifier: MIT */
/*
 * firecracker.h - what Firecracker lets a custom CPU template say of a feature.
 *
 * firecracker.def is the table.
 */
#ifndef FIRECRACKER_H
#define FIRECRACKER_H

#include "table/feature.h"

/*
 * True if a guest may be shown the host's bit, and a template can hide it.  Firecracker refuses a
 * template for a leaf that KVM does not give it.
 */
bool firecracker_shows(enum feature_id id);

#endif
