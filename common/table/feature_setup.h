/* SPDX-License-Identifier: MIT */
/*
 * feature_setup.h - the setup options that can hide a feature.
 *
 * feature_setup.def is the table.  The probe uses it, to name the likely option on its screen.
 */
#ifndef FEATURE_SETUP_H
#define FEATURE_SETUP_H

#include "base/text.h"
#include "table/feature.h"

/* Returns the names of the option, as vendors write them, separated by "; "; "" if none is known.
 */
const char *feature_setup(enum feature_id id);

/* True if firmware can hide the feature, though no option for it is known. */
bool feature_setup_missing(enum feature_id id);

/*
 * Returns true if a prompt of a setup menu is one of the names of the option.  Case, punctuation,
 * marks such as (R), and words that vendors add or leave out do not count: "Intel(R) AES-NI
 * Support" is AES-NI; "VT-d" is not VT-x, nor "AVX-512" AVX.
 */
bool feature_setup_names(enum feature_id id, const char *prompt);

/*
 * Returns the names of the first row; those of the next row follow its NUL, as many rows as
 * *ret_rows says.  In one row they are separated by "; ".
 */
const char *feature_setup_rows(size_t *ret_rows);

/* Appends the first name of the option, if there is one. */
void feature_setup_put(struct text *t, enum feature_id id);

#endif
