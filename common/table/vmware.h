/* SPDX-License-Identifier: MIT */
/*
 * vmware.h - what VMware shows a guest of a feature.
 *
 * vmware.def is the table.  It is independent of how the feature merges.  vmware_words.def has the
 * words of vCenter's messages.
 */
#ifndef VMWARE_H
#define VMWARE_H

#include "table/feature.h"

/* The first and the last virtual hardware version in the table. */
#define VMWARE_HW_MIN 4
#define VMWARE_HW_MAX 22

/* A later version that is announced, but has no number yet. */
#define VMWARE_HW_FUTURE 255

/*
 * All versions, ascending, from VMware's KB 1003746 and Hardware.Version of the vSphere API.  Only
 * Workstation and Fusion have 6, 12 and 16; there is no 5.
 */
#define VMWARE_HW_COUNT 18
extern const uint8_t vmware_hw_versions[VMWARE_HW_COUNT];

/* What a guest sees with some virtual hardware version. */
enum vmware_shows {
	VMWARE_UNKNOWN, /* the table does not say, or the question does not apply */
	VMWARE_NEVER,   /* 0, whatever the host has */
	VMWARE_HOSTS,   /* the host's value */
	VMWARE_OWN,     /* a value of VMware's own, whatever the host has */
};

/* Returns what a guest of virtual hardware version hw sees of a feature. */
enum vmware_shows vmware_shows(enum feature_id id, unsigned hw);

/*
 * True if a VM of that version which was shown the feature migrates only to hosts that have it;
 * also true if that is not known.
 */
bool vmware_requires(enum feature_id id, unsigned hw);

/*
 * True if the table has sources for what VMware shows and for what a VM requires, false if one of
 * them is a careful guess.
 */
bool vmware_verified(enum feature_id id);

/* Returns the source in words; "" if there is no row. */
const char *vmware_source(enum feature_id id);

/* Returns what vCenter calls a feature in its messages, separated by "; "; "" if it does not. */
const char *vmware_words(enum feature_id id);

/* Returns the first version that shows a feature; VMWARE_HW_FUTURE: announced; 0: none does. */
unsigned vmware_since(enum feature_id id);

#endif
