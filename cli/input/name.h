/* SPDX-License-Identifier: MIT */
/*
 * name.h - features that a user names on the command line.
 *
 * A feature can be named by any of its names (feature_find.h), or by its place as the tool prints
 * it: "1.ECX[25]", and "<7.0.EDX[6]>" for a bit that has no name.  A register, "7.0.EBX", names all
 * of its rows, a model-specific register those that it can switch off.
 */
#ifndef NAME_H
#define NAME_H

#include "table/feature.h"

/* No name has more rows; a unit test holds it. */
#define NAMED_MAX 64

/* Finds the rows of a name.  Returns their number; the first max are in ids. */
size_t name_rows(const char *name, enum feature_id *ids, size_t max);

/*
 * Sets *ret_place to the one row of this name, or to the bit at this place; a bit of a field
 * means the field.  If several rows have the name, it is the only one that is there in the set, if
 * one is given, and a message says which: cpuid.IBPB is one bit on Intel and another on AMD.
 * Returns false after a message that says what is expected, which rows have the name, or what is
 * similar.
 */
bool name_place(const char *name, const struct cpuid_set *set, struct place *ret_place);

/* True for the place of a bit or a field, whether there is one there or not. */
bool name_is_place(const char *name);

/* Prints that no feature has this name, and which names are similar. */
void name_unknown(const char *name);

#endif
