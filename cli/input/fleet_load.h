/* SPDX-License-Identifier: MIT */
/*
 * fleet_load.h - loads the hosts of many reports, grouped by what should be identical.
 */
#ifndef FLEET_LOAD_H
#define FLEET_LOAD_H

#include "input/inputs.h"
#include "output/drift_print.h"

/*
 * Loads all reports, drops those that a later one of the same machine replaces, unless all_visits,
 * prints caveats, and sets group and cluster of each host.  Returns false after a message if a
 * report cannot be used; the others are in *f all the same.  fleet_free frees it.
 */
bool fleet_load(struct fleet *f, const struct inputs *in, bool all_visits);
void fleet_free(struct fleet *f);

#endif
