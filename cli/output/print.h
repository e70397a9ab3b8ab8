/* SPDX-License-Identifier: MIT */
/*
 * print.h - answers in words on standard output.
 */
#ifndef PRINT_H
#define PRINT_H

#include "table/feature.h"

/* As long a place as there is: "8000001d.3f+.EDX[31:24]". */
#define PLACE_MAX 40

/* Returns a place as place_write writes it. */
const char *print_place(char string[static PLACE_MAX], const struct place *at);

/* Returns the place of a row of the table; "d.2+.EAX[31:0]" for a row FROM(2). */
const char *print_row_place(char string[static PLACE_MAX], enum feature_id id);

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
