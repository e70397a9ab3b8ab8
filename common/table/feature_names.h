/* SPDX-License-Identifier: MIT */
/*
 * feature_names.h - who calls a feature what, and what it is in a few words.
 *
 * feature_names.def is the table.  For the workstation; firmware links only feature.h.
 */
#ifndef FEATURE_NAMES_H
#define FEATURE_NAMES_H

#include "table/feature.h"

/* The columns of feature_names.def, in their order. */
enum feature_namer {
	NAMED_CAPABILITY, /* VMware's, for featMask.vm.cpuid.NAME; may be "A|B" */
	NAMED_VMWARE,
	NAMED_LINUX,
	NAMED_QEMU,
	NAMED_LIBVIRT,
	NAMED_XEN,
	NAMED_OTHER, /* several, separated by blanks */
	NAMERS,
};

/* Returns the name of a row there; "" if it has none. */
const char *feature_named(enum feature_id id, enum feature_namer who);

/* Returns a few words on what the row is; "" for F_NONE. */
const char *feature_about(enum feature_id id);

#endif
