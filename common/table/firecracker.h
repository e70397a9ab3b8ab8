/* SPDX-License-Identifier: MIT */
/*
 * firecracker.h - which features a custom CPU template of Firecracker can hide.
 *
 * firecracker.def is the table.
 */
#ifndef FIRECRACKER_H
#define FIRECRACKER_H

#include "table/feature.h"

/*
 * True if a guest may see the host's bit and a template can hide it.  Not checked: Firecracker
 * refuses a template for a leaf that KVM does not list.
 */
bool firecracker_shows(enum feature_id id);

#endif
