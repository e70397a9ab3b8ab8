/* SPDX-License-Identifier: MIT */
/*
 * msrs.h - the model-specific registers of this machine that explain what CPUID answers.
 *
 * The boot processor finds out which of those that it should have are there; the others are asked
 * for these only, so that no application processor is made to fault.
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
 * To be called on the boot processor, with its answers.  If allowed is false, or the firmware has
 * no guard, nothing is read.
 */
void msrs_start(struct msrs *m, const struct firmware *fw, bool allowed,
                const struct cpuid_set *set);
void msrs_stop(const struct msrs *m);

/*
 * Fills in microcode and registers of the processor that executes this, which answered set; calls
 * no firmware.  Where a fault would not be caught nothing is filled in.
 */
void msrs_read(const struct msrs *m, struct control *control, const struct cpuid_set *set);

/* "guarded", "off", "no guard": what FIELD_MSR_ACCESS says. */
const char *msrs_access(const struct msrs *m);

#endif
