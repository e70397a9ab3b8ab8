/* SPDX-License-Identifier: MIT */
/*
 * name.h - features that a user names on the command line.
 *
 * A feature goes by any of its names, or by its place as the tool prints it: "1.ECX[25]", and
 * "<7.0.EDX[6]>" for a bit that has no name.
 */
#ifndef NAME_H
#define NAME_H

#include "table/feature.h"

/*
 * Finds the one row of this name, or the bit at this place; a bit of a field stands for the field.
 * Otherwise says what is expected, or what there is instead, and returns false.
 */
bool name_place(const char *name, struct place *ret_place);

/* True if this is meant as a place: no name has brackets. */
bool name_is_place(const char *name);

/* Says that nothing has this name, and what is nearest to it. */
void name_unknown(const char *name);

#endif
