/* SPDX-License-Identifier: MIT */
/*
 * processors.h - asks every logical processor of the machine, one after the other.
 */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include "firmware.h"
#include "report/report.h"

/*
 * Adds every processor to the report under the number that MP Services gives it: its answers, or
 * that it is disabled or silent.  Where that protocol is absent there is one processor, number 0.
 * Model-specific registers are read only if msr is true.  Returns false, with nothing added, if the
 * firmware has no memory for the answers.
 */
bool processors_collect(struct report *report, const struct firmware *fw, bool msr);

#endif
