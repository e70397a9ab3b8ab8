/* SPDX-License-Identifier: MIT */
/*
 * cpuid_text.h - writes and reads a set as the "cpuid" lines of reports and pools.
 *
 * docs/report-format.md defines their form.
 */
#ifndef CPUID_TEXT_H
#define CPUID_TEXT_H

#include "base/scan.h"
#include "base/text.h"
#include "cpuid/cpuid.h"

/* Appends a line "cpuid LEAF SUBLEAF EAX EBX ECX EDX" for each entry of the set. */
void cpuid_text_write(struct text *t, const struct cpuid_set *set);

/* Reads such lines, at least one, until a line begins otherwise.  An error stays in *s. */
void cpuid_text_read(struct scan *s, struct cpuid_set *set);

#endif
