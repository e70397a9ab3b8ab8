/* SPDX-License-Identifier: MIT */
/*
 * name.h - features that a user names on the command line.
 *
 * A feature can be named by any of its names, or by its place as the tool prints it: "1.ECX[25]",
 * and "<7.0.EDX[6]>" for a bit that has no name.
 */
#ifndef NAME_H
#define NAME_H

#include "table/feature.h"

/*
 * Sets *ret_place to the one row of this name, or to the bit at this place; a bit of a field
 * means the field.  If several rows have the name, it is the only one that is not 0 in the set,
 * if one is given: cpuid.IBPB is one bit on Intel and another on AMD.  Returns false after a
 * message that says what is expected or what is similar.
 */
bool name_place(const char *name, const struct cpuid_set *set, struct place *ret_place);

/* True if this is meant as a place: it has brackets, and no name has. */
bool name_is_place(const char *name);

/* Prints that no feature has this name, and which names are similar. */
void name_unknown(const char *name);

#endif
