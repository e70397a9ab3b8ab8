/* SPDX-License-Identifier: MIT */
/*
 * feature_unit.h - what a field's number means: how many of what.
 *
 * feature.def names the unit of each row, feature_unit.def says how it is read.  For the
 * workstation; firmware links only feature.h.
 */
#ifndef FEATURE_UNIT_H
#define FEATURE_UNIT_H

#include "base/text.h"
#include "table/feature.h"

enum unit {
#define UNIT(name, ...) U_##name,
#define UNIT_CODE(...)
#include "table/feature_unit.def"
#undef UNIT
#undef UNIT_CODE
	U_COUNT,
};

/* Returns the unit of a row; U_NONE of one bit and of F_NONE. */
enum unit feature_unit(enum feature_id id);

/*
 * Appends a field's value, shifted down, with its reading: 8 (64 bytes), 3400 MHz, 0x80000008,
 * "Genu", 6 (8 to 15 ways).  What a row's unit has no word for is the number alone.  The set is the
 * one that the value is from, or NULL: another bit of it can say how the field is counted.
 */
void feature_unit_value(struct text *t, const struct cpuid_set *set, enum feature_id id,
                        uint32_t value);

/* Appends how a row's field is read: "8 bytes each", "1=data, 2=instruction"; nothing of a plain
 * number. */
void feature_unit_about(struct text *t, enum feature_id id);

#endif
