/* SPDX-License-Identifier: MIT */
/*
 * machine.h - what the firmware says about the machine and about itself.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "firmware.h"
#include "report/report.h"

/*
 * Sets the report's fields from SMBIOS, ACPI, the UEFI system table, the clock and the Secure Boot
 * variables.  What is absent or cannot be right (month 13) stays unknown.
 */
void machine_identify(struct report *report, const struct firmware *fw);

#endif
