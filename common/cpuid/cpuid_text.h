/* SPDX-License-Identifier: MIT */
/*
 * cpuid_text.h - a set as the lines that reports and pools have for it.
 *
 * docs/report-format.md is normative for their spelling.
 */
#ifndef CPUID_TEXT_H
#define CPUID_TEXT_H

#include "base/scan.h"
#include "base/text.h"
#include "cpuid/cpuid.h"

/* Appends "cpuid LEAF SUBLEAF EAX EBX ECX EDX" for each leaf of the set. */
void cpuid_text_write(struct text *t, const struct cpuid_set *set);

/* Reads such lines until one begins otherwise; an error stays in *s. */
void cpuid_text_read(struct scan *s, struct cpuid_set *set);

#endif
