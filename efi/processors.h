/* SPDX-License-Identifier: MIT */
/*
 * processors.h - reads CPUID on the logical processors: all at once, and those that do not answer
 * then one after the other.
 */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include "alarm.h"
#include "mp.h"
#include "report/report.h"

struct mp {
	EFI_MP_SERVICES_PROTOCOL *services;
	UINTN number, self; /* count of processors; number of the boot processor */
};

/*
 * Asks MP Services how many processors there are.  Returns NULL, or why no other than this one can
 * be asked: *mp then has one processor, number 0.
 */
const char *processors_find(struct mp *mp, const struct firmware *fw);

/*
 * Put processors into the report in place of those that it has, under their numbers in MP Services:
 * what CPUID of each returns, or that it is disabled or silent.  The first asks the boot processor
 * only.  The alarm rings if the firmware does not return from asking another one.  Model-specific
 * registers are read only if msr is true.  Both return false, with nothing changed, if the firmware
 * is out of memory.
 */
bool processors_collect_boot(struct report *report, const struct firmware *fw, const struct mp *mp,
                             bool msr);
bool processors_collect_all(struct report *report, const struct firmware *fw, const struct mp *mp,
                            bool msr, struct alarm *alarm);

#endif
