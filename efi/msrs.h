/* SPDX-License-Identifier: MIT */
/*
 * msrs.h - reads the model-specific registers that explain what CPUID returns.
 *
 * The boot processor finds out which of the listed registers exist.  Application processors read
 * only these, so they do not fault.
 */
#ifndef MSRS_H
#define MSRS_H

#include "firmware.h"
#include "report/report.h"

struct msrs {
	bool allowed, guarded; /* read only if both */
	bool microcode;
	size_t count;
	struct {
		uint32_t number;
		bool absent;
	} at[CONTROL_MSRS_MAX];
};

/*
 * Finds out which registers exist, on the boot processor; set is what its CPUID returns.  Nothing
 * is read, now or later, if allowed is false or the guard cannot be installed.
 */
void msrs_start(struct msrs *m, const struct firmware *fw, bool allowed,
                const struct cpuid_set *set);

/* Removes the guard. */
void msrs_stop(const struct msrs *m);

/*
 * Fills in microcode revision and registers of the processor that executes this, whose CPUID
 * returns set.  Calls no firmware.  Fills in nothing where a fault would not be caught.
 */
void msrs_read(const struct msrs *m, struct control *control, const struct cpuid_set *set);

/* Returns the value of FIELD_MSR_ACCESS: "guarded", "off" or "no guard". */
const char *msrs_access(const struct msrs *m);

#endif
