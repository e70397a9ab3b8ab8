/* SPDX-License-Identifier: MIT */
/*
 * capability.h - what a host can give to VMs, by VMware's names and numbers.
 */
#ifndef CAPABILITY_H
#define CAPABILITY_H

#include "input/dump.h"

/* Family, model and stepping, which make one register, come one by one. */
struct capability {
	struct dump *d;
	bool known[3];
	uint32_t number[3];
	size_t count; /* of names that are known */
};

/* Takes a name, such as cpuid.AVX2, and its number.  Returns false after a message. */
bool capability_take(struct capability *c, const char *name, uint32_t number);

#endif
