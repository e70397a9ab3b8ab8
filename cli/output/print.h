/* SPDX-License-Identifier: MIT */
/*
 * print.h - answers in words on standard output.
 */
#ifndef PRINT_H
#define PRINT_H

#include "table/feature.h"

/*
 * "1.ECX[25]", "7.1.EAX[4]", "d.0.EAX[2]", "1.EBX[31:24]": leaf 7 and others always with subleaf.
 */
#define PLACE_MAX 40
const char *print_place(char place[static PLACE_MAX], uint32_t leaf, uint32_t subleaf,
                        enum cpuid_reg reg, unsigned low, unsigned high);

/* The same for a row of the table; "d.2+.EAX[31:0]" for a row FROM(2). */
const char *print_row_place(char place[static PLACE_MAX], enum feature_id id);

/* Column behind the names of registers, which are indented by 4. */
#define INDENT 18

/*
 * Prints a word behind a blank, on a new line from INDENT if it does not fit into this one, of
 * which *column columns are used.
 */
void print_word(int *column, const char *word);

/* Vendor, brand and signature, two lines. */
void print_identity(const struct cpuid_set *set);

/*
 * Every register that is not zero: names of the bits that are set, fields that are not zero as
 * NAME=value with what it counts, set bits without a row as <n>.
 */
void print_features(const struct cpuid_set *set);

/* Leaf, subleaf and four registers in hexadecimal, a line for each answer. */
void print_raw(const struct cpuid_set *set);

#endif
