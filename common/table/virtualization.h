/* SPDX-License-Identifier: MIT */
/*
 * virtualization.h - the parts of VMX and SVM that a hypervisor uses.
 *
 * virtualization.def is the table.
 */
#ifndef VIRTUALIZATION_H
#define VIRTUALIZATION_H

#include "table/feature.h"

struct virtualization_part {
	uint16_t whole, id; /* enum feature_id; whole: F_VMX, F_SVM, or F_NONE */
	const char *name;
};

extern const struct virtualization_part virtualization_parts[];
extern const size_t virtualization_parts_count;

#endif
