/* SPDX-License-Identifier: MIT */
/*
 * option.h - recognises one setup option on several hosts and in several BIOS versions.
 *
 * Offsets move from version to version, and a number may have another meaning.  So an option is
 * known by its path and prompt, and its value by the text of it.  Where a host has several options
 * of one path and prompt, as boards have with Hyper-Threading, the store tells them apart.
 */
#ifndef OPTION_H
#define OPTION_H

#include "report/setup.h"
#include "table/feature.h"

/*
 * Compare two questions by path and prompt, and by the name and GUID of their stores.  Return a
 * negative number, 0 or a positive one.
 */
int option_compare(const struct setup_question *a, const struct setup_question *b);
int option_compare_store(const struct setup_question *a, const struct setup_question *b);

/*
 * Compares values by what they mean: by their texts if both have one, by number if none has.
 * Returns a negative number, 0 or a positive one.
 */
int option_compare_value(const struct setup_value *a, const struct setup_value *b);

/* Returns true if two values mean the same. */
bool option_same_value(const struct setup_value *a, const struct setup_value *b);

/* Returns the question after before (NULL: the first) that is about a feature, NULL if none is. */
const struct setup_question *option_next(const struct setup *s, enum feature_id id,
                                         const struct setup_question *before);

/* Returns the option of other that is the same as q, which is one of s->question; NULL if none is.
 */
const struct setup_question *option_find(const struct setup *s, const struct setup_question *q,
                                         const struct setup *other);

#endif
