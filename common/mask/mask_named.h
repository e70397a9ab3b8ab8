/* SPDX-License-Identifier: MIT */
/*
 * mask_named.h - what a featMask line of a .vmx file says, by the name of a capability.
 *
 * The other form of a mask, for virtual hardware 9 and later: featMask.vm.cpuid.AVX = "Max:0".
 * With completeMasks the guest sees no feature that has no line (vSphere API, ApplyEvcModeVM_Task).
 */
#ifndef MASK_NAMED_H
#define MASK_NAMED_H

#include "base/err.h"
#include "mask/mask_value.h"
#include "table/feature.h"

#define MASK_NAME_MAX 63

/* The vSphere API, HostCpuIdInfo: FeatureMask is for VMs with hardware version 9 and above. */
#define MASK_NAMED_HW 9U

/* A capability of VMware's has at most so many rows: one for each vendor. */
#define MASK_NAMED_IDS 4

enum mask_named_kind {
	MASK_NAMED_BIT,     /* bits of CPUID */
	MASK_NAMED_NUMBER,  /* a field: NUMLEVELS, FAMILY */
	MASK_NAMED_VENDOR,  /* cpuid.Intel and its like */
	MASK_NAMED_UNKNOWN, /* cpuid.NAME, but no known capability */
	MASK_NAMED_OTHER,   /* not CPUID: hv.capable */
};

/* A capability by its name, as masks and requirements have it. */
struct mask_capability {
	char name[MASK_NAME_MAX + 1]; /* "cpuid.AVX": as in VMware's table, else as it was given */
	enum mask_named_kind kind;
	size_t ids;
	enum feature_id id[MASK_NAMED_IDS];
};

struct mask_named {
	struct mask_capability of;
	struct mask_value value;
	bool host;    /* no featMask.vm, but another, such as featMask.evc: for a host, and not
	                 explained */
	size_t line;  /* of the file, from 1 */
	size_t first; /* of the lines with this name, by index */
};

/* Returns what is before the name in its key: "featMask.vm.". */
const char *mask_named_prefix(const struct mask_named *n);

/* Sets *c to the capability of a name in any case.  Returns false if the name is too long. */
bool mask_capability_find(struct mask_capability *c, const char *name, size_t size);

/* True if a guest sees 0, or 1 or more, whatever the host has. */
bool mask_named_hides(const struct mask_named *n);
bool mask_named_shows(const struct mask_named *n);

/* True if a capability has a row. */
bool mask_capability_has(const struct mask_capability *c, enum feature_id id);

#endif
