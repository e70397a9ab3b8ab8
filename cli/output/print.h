/* SPDX-License-Identifier: MIT */
/*
 * print.h - prints places, registers and features on standard output.
 */
#ifndef PRINT_H
#define PRINT_H

#include "table/feature.h"

/* The size of a buffer for any place, such as "8000001d.3f+.EDX[31:24]". */
#define PLACE_MAX 40

/* Returns a place in the spelling of place_write. */
const char *print_place(char string[static PLACE_MAX], const struct place *at);

/* Returns the place of a row of the table; "d.2+.EAX[31:0]" for a row FROM(2). */
const char *print_row_place(char string[static PLACE_MAX], enum feature_id id);

/* The column after the names of registers, which are indented by 4. */
#define INDENT 18

/*
 * Prints a blank and a word.  *column is the number of columns used in this line; if the word does
 * not fit, it goes to a new line that begins at INDENT.
 */
void print_word(int *column, const char *word);

/*
 * Prints gap blanks and words.  *column is the number of columns used in this line; words that do
 * not fit go to a new line that begins at indent.
 */
void print_part(int *column, int gap, const char *words, int indent);

/* Prints vendor, brand and signature, on two lines. */
void print_identity(const struct cpuid_set *set);

/*
 * Prints every register that is not zero: the names of set bits; fields that are not zero as
 * NAME=value and what it counts; set bits that are not in the table as <n>.
 */
void print_features(const struct cpuid_set *set);

/*
 * Prints words and then a list, indented, in as many lines as needed; breaks the list after
 * separators.  Prints nothing if the list is empty.
 */
void print_wrapped(int indent, const char *words, const char *list, char separator);

#define PRINT_SETUP_MISSING "firmware can hide it, no setup option is known"

/*
 * Prints, indented, words and the setup options of a feature; that none is known, if firmware can
 * hide the feature all the same; else nothing.
 */
void print_setup(int indent, const char *words, enum feature_id id);

/* Prints each subleaf on a line: leaf, subleaf and four registers in hexadecimal. */
void print_raw(const struct cpuid_set *set);

#endif
