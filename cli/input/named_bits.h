/* SPDX-License-Identifier: MIT */
/*
 * named_bits.h - sets bits by the names that another program has for them.
 */
#ifndef NAMED_BITS_H
#define NAMED_BITS_H

#include "input/dump.h"
#include "table/feature_names.h"

/*
 * Marks the single bits that have this name as known and set.  Of a name that Intel's and AMD's
 * processors have in different leaves, the one counts that the vendor in the dump has.  Returns
 * whether there is one: a name that nobody here knows says nothing.
 */
bool named_bits_set(struct dump *d, enum feature_namer who, const char *name);

/* The same for bits that are known and clear. */
bool named_bits_clear(struct dump *d, enum feature_namer who, const char *name);

/* The same for a row and a value: of a field, its number. */
void named_bits_row(struct dump *d, enum feature_id id, uint32_t value);

#endif
