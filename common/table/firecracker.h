/* SPDX-License-Identifier: MIT */
/*
 * firecracker.h - which features a custom CPU template of Firecracker can hide.
 *
 * firecracker.def is the table.
 */
#ifndef FIRECRACKER_H
#define FIRECRACKER_H

#include "table/feature.h"

/* True if a guest may see the host's bit and a template can hide it. */
bool firecracker_shows(enum feature_id id);

#endif
