/* SPDX-License-Identifier: MIT */
/*
 * control.h - the registers beside CPUID on which its values depend, or which explain them.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_MSRS_MAX 32 /* model-specific registers of one processor */

/* A register that was read, or could not be. */
struct control_value {
	bool known;
	uint64_t value;
};

/* A model-specific register that was asked for; not known: reading it raised #GP. */
struct control_msr {
	uint32_t number;
	struct control_value value;
};

/* The control registers of one processor. */
struct control {
	struct control_value cr4, xcr0;
	struct control_value microcode; /* revision: upper half of MSR 8BH on Intel, lower on AMD */
	size_t msrs;
	struct control_msr msr[CONTROL_MSRS_MAX]; /* ascending by number */
};

#endif
