/* SPDX-License-Identifier: MIT */
/*
 * print_control.h - the registers beside CPUID that explain an answer, in words.
 */
#ifndef PRINT_CONTROL_H
#define PRINT_CONTROL_H

#include "report/report.h"

/*
 * CR4, XCR0, microcode and the model-specific registers of a kind of processors, and what of that
 * which they answered to CPUID (set) the firmware has switched off.
 */
void print_control(const struct control *control, const struct cpuid_set *set);

#endif
