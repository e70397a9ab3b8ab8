/* SPDX-License-Identifier: MIT */
/*
 * names.h - features that a user names on the command line.
 */
#ifndef NAMES_H
#define NAMES_H

#include "feature.h"

/* Finds the one row of this name; otherwise says what there is instead and returns F_NONE. */
enum feature_id name_feature(const char *name);

/* Says that nothing has this name, and what is nearest to it. */
void name_unknown(const char *name);

#endif
