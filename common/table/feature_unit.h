/* SPDX-License-Identifier: MIT */
/*
 * feature_unit.h - what the number in a field means and counts.
 *
 * feature.def names the unit of each row; feature_unit.def says how it is read.  Firmware does not
 * use this.
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

/* Returns the unit of a row; U_NONE for single bits and for F_NONE. */
enum unit feature_unit(enum feature_id id);

/*
 * Appends a field's value (shifted down) and its meaning: 8 (64 bytes), 3400 MHz, 0x80000008,
 * "Genu", 6 (8 to 15 ways).  Appends the number alone if the unit has no words for it.  set is the
 * set with the value, or NULL: another bit of it can say how a field is counted.
 */
void feature_unit_value(struct text *t, const struct cpuid_set *set, enum feature_id id,
                        uint32_t value);

/*
 * Appends how a row's field is read: "a multiple of 8 bytes", "1=data, 2=instruction".  Appends
 * nothing for a plain number.
 */
void feature_unit_about(struct text *t, enum feature_id id);

#endif
