/* SPDX-License-Identifier: MIT */
/*
 * feature_setup.h - under which names a firmware's setup program can hide a feature.
 *
 * Apart from feature_text.h, for firmware links this: it tells where to look in front of the box.
 */
#ifndef FEATURE_SETUP_H
#define FEATURE_SETUP_H

#include "base/text.h"
#include "table/feature.h"

/* The names as vendors print them, separated by "; "; "" if none is known. */
const char *feature_setup(enum feature_id id);

/* True if setup programs have a name for it. */
bool feature_setup_named(enum feature_id id);

/* Appends the first of the names, if there is one. */
void feature_setup_put(struct text *t, enum feature_id id);

#endif
