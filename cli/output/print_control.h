/* SPDX-License-Identifier: MIT */
/*
 * print_control.h - prints the registers that explain what CPUID says.
 */
#ifndef PRINT_CONTROL_H
#define PRINT_CONTROL_H

#include "report/report.h"

/*
 * Prints CR4, XCR0, microcode and model-specific registers of a kind of processors whose leaves are
 * set, and which features the firmware has switched off there.
 */
void print_control(const struct control *control, const struct cpuid_set *set);

#endif
