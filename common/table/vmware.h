/* SPDX-License-Identifier: MIT */
/*
 * vmware.h - what VMware shows a guest of a feature.
 *
 * vmware.def is the table.  It has nothing to do with how the feature merges.
 */
#ifndef VMWARE_H
#define VMWARE_H

#include "table/feature.h"

/* The first virtual hardware version of the table, and the last that it knows bits of. */
#define VMWARE_HW_MIN 4
#define VMWARE_HW_MAX 22

/* A version that is announced, without a number. */
#define VMWARE_HW_FUTURE 255

/*
 * All versions between them, ascending: VMware's KB 1003746 and Hardware.Version of the vSphere
 * API.  6, 12 and 16 are Workstation's and Fusion's alone, and there is no 5.
 */
#define VMWARE_HW_COUNT 18
extern const uint8_t vmware_hw_versions[VMWARE_HW_COUNT];

/* What a guest of some virtual hardware version is shown. */
enum vmware_shows {
	VMWARE_UNKNOWN, /* the table does not say, or the question does not apply */
	VMWARE_NEVER,   /* 0, whatever the host has */
	VMWARE_HOSTS,   /* the host's value */
	VMWARE_OWN,     /* a value of VMware's own, whatever the host has */
};

enum vmware_shows vmware_shows(enum feature_id id, unsigned hw);

/* Returns the first version that shows it, VMWARE_HW_FUTURE if it is announced, 0 if none does. */
unsigned vmware_since(enum feature_id id);

#endif
