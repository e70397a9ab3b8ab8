/* SPDX-License-Identifier: MIT */
/*
 * cpu_name.h - the microarchitecture and the code name of a processor, by its signature.
 *
 * CPUID says neither.  cpu_name.def is the table, with the source of each row.
 */
#ifndef CPU_NAME_H
#define CPU_NAME_H

#include "cpuid/cpuid.h"

struct cpu_name {
	uint16_t vendor; /* enum cpu_vendor */
	uint8_t family, model[2], stepping[2];
	const char *cores;    /* the microarchitecture, "Golden Cove" */
	const char *small;    /* that of the E-cores of a hybrid processor; otherwise "" */
	const char *codename; /* of the product, "Alder Lake"; "" if there is none of its own */
	const char *source;   /* letters that the table explains */
};

/* Returns the row of a processor with these leaves, or NULL if it is not known here. */
const struct cpu_name *cpu_name_of(const struct cpuid_set *set);

#endif
