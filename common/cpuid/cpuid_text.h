/* SPDX-License-Identifier: MIT */
/*
 * cpuid_text.h - writes and reads a set as lines of reports and pools.
 *
 * docs/report-format.md defines their form.
 */
#ifndef CPUID_TEXT_H
#define CPUID_TEXT_H

#include "base/scan.h"
#include "base/text.h"
#include "cpuid/cpuid.h"

/*
 * Appends a line for each entry of the set: "cpuid LEAF SUBLEAF EAX EBX ECX EDX", then "unknown EAX
 * EBX ECX EDX" if it has unknown bits; and "msr NUMBER VALUE" for a leaf CPUID_MSR | NUMBER.
 */
void cpuid_text_write(struct text *t, const struct cpuid_set *set);

/* Reads "cpuid" lines, with those of unknown bits, at least one, until a line begins otherwise.  An
 * error stays in *s. */
void cpuid_text_read(struct scan *s, struct cpuid_set *set);

/* Reads "msr" lines, if there are any, into the same set. */
void cpuid_text_read_msrs(struct scan *s, struct cpuid_set *set);

#endif
