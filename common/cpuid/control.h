/* SPDX-License-Identifier: MIT */
/*
 * control.h - the registers on which CPUID's values depend, or which explain them.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_MSRS_MAX 64 /* model-specific registers of one processor */

/* A register; known is false if it could not be read. */
struct control_value {
	bool known;
	uint64_t value;
};

/* A model-specific register that was read; not known: RDMSR raised #GP. */
struct control_msr {
	uint32_t number;
	struct control_value value;
};

/* The registers of one processor. */
struct control {
	struct control_value cr4, xcr0;
	struct control_value microcode; /* revision: MSR 8BH, upper half on Intel, lower on AMD */
	size_t msrs;
	struct control_msr msr[CONTROL_MSRS_MAX]; /* ascending by number */
};

#endif
