/* SPDX-License-Identifier: MIT */
/*
 * feature_find.h - finds the rows of a feature by any of its names.
 *
 * Names may be in any case.  '-', '_' and '.' are the same; a name that nobody writes so is found
 * without its separators: "SSE 4.2".  feature_words.h has the names.
 */
#ifndef FEATURE_FIND_H
#define FEATURE_FIND_H

#include "table/feature.h"

/*
 * Finds all rows with a name.  A message of VMware's may be around it: what follows "cpuid."
 * counts, wherever it stands, and then the manual's name only if nobody else has it (cpuid.MWAIT is
 * MONITOR).
 * "* Advanced Vector Extensions (AVX)", the short name in the parentheses, and the beginning of
 * such words, "AMD extensions to 3DNow!", are names too.  Returns the number of rows; the first max
 * are in ids.
 */
size_t feature_find(const char *name, enum feature_id *ids, size_t max);

/* Returns the row with this VMware capability, or F_NONE. */
enum feature_id feature_capability(const char *name);

/* Finds rows with names similar to an unknown name, the most similar first.  Returns their number.
 */
size_t feature_nearest(const char *name, enum feature_id *ids, size_t max);

/* True if a name of the row or its description contains part, compared as in feature_find. */
bool feature_matches(enum feature_id id, const char *part);

#endif
