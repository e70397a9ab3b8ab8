/* SPDX-License-Identifier: MIT */
/*
 * machine.h - what the firmware says about the machine and itself.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "firmware.h"
#include "report/report.h"

/*
 * Sets the fields of SMBIOS, of the UEFI system table, the time and Secure Boot.  What the
 * firmware does not say, or says in a form that cannot be right, stays unknown.
 */
void machine_identify(struct report *report, const struct firmware *fw);

#endif
