/* SPDX-License-Identifier: MIT */
/*
 * requirements.h - reads what a VM requires of its host, as vCenter's API prints it in JSON.
 *
 * The lists featureRequirement of a VM's runtime are found anywhere, by keys in any case: PowerCLI,
 * govc and pyVmomi each put something else around them.
 */
#ifndef REQUIREMENTS_H
#define REQUIREMENTS_H

#include "mask/requirement.h"

struct requirements {
	size_t count;
	struct requirement *at; /* allocated: free it */
	size_t lists;           /* that they are from; those of several VMs count together */
	bool offline; /* they are what the VM needs to be powered on: it was not running */
};

/* Reads the requirements of a file; "-" is standard input.  Returns false after a message. */
bool requirements_read(const char *path, struct requirements *ret);

#endif
