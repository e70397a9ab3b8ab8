/* SPDX-License-Identifier: MIT */
/*
 * print_control.h - prints the registers that explain what CPUID says.
 */
#ifndef PRINT_CONTROL_H
#define PRINT_CONTROL_H

#include "report/report.h"
#include "table/msr.h"

/* Prints CR4, XCR0, microcode and model-specific registers of a kind of processors. */
void print_control(const struct control *control);

/* Appends "VMX: off, locked until reset (MSR 3AH FEATURE_CONTROL)". */
void finding_write(struct text *t, const struct msr_finding *f);

#endif
