/* SPDX-License-Identifier: MIT */
/*
 * feature_names.h - the names of a feature elsewhere, and its description.
 *
 * feature_names.def is the table.  Firmware does not use this.
 */
#ifndef FEATURE_NAMES_H
#define FEATURE_NAMES_H

#include "table/feature.h"

/* The columns of feature_names.def, in their order. */
enum feature_namer {
	NAMED_CAPABILITY, /* VMware's name for featMask.vm.cpuid.NAME; may be "A|B" */
	NAMED_VMWARE,
	NAMED_LINUX,
	NAMED_QEMU,
	NAMED_LIBVIRT,
	NAMED_XEN,
	NAMED_OTHER, /* several, separated by blanks */
	NAMERS,
};

/* Returns the name of a row in a column; "" if it has none. */
const char *feature_named(enum feature_id id, enum feature_namer who);

/* Returns the description of a row; "" for F_NONE. */
const char *feature_about(enum feature_id id);

/* Returns what a feature is or does, as feature_sentence.def has it, or else feature_about. */
const char *feature_sentence(enum feature_id id);

#endif
