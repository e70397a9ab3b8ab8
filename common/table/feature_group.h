/* SPDX-License-Identifier: MIT */
/*
 * feature_group.h - what a feature is for: the groups in which show lists features.
 *
 * feature_group.def is the table.
 */
#ifndef FEATURE_GROUP_H
#define FEATURE_GROUP_H

#include "table/feature.h"

enum feature_group {
#define GROUP(id, title) G_##id,
#define LEAVES(...)
#define REGISTER(...)
#define IN(...)
#include "table/feature_group.def"
#undef GROUP
#undef LEAVES
#undef REGISTER
#undef IN
	G_COUNT,
};

/* Returns the group of a feature; G_COUNT if it has none, as fields have not. */
enum feature_group feature_group(enum feature_id id);

/* Return the title of a group, "Vectors and matrices", and its name in the table, "VECTORS". */
const char *feature_group_title(enum feature_group group);
const char *feature_group_name(enum feature_group group);

#endif
