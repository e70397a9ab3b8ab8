/* SPDX-License-Identifier: MIT */
/*
 * processors.h - reads CPUID on every logical processor, one after the other.
 */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include "firmware.h"
#include "report/report.h"

/*
 * Adds every processor to the report, under its number in MP Services: what its CPUID returns, or
 * that it is disabled or silent.  If that protocol is absent, only this processor is added, as
 * number 0.  Model-specific registers are read only if msr is true.  Returns false, with nothing
 * added, if the firmware is out of memory.
 */
bool processors_collect(struct report *report, const struct firmware *fw, bool msr);

#endif
