/* SPDX-License-Identifier: MIT */
/*
 * fleet_load.h - loads the hosts of many reports, grouped by what should be identical.
 */
#ifndef FLEET_LOAD_H
#define FLEET_LOAD_H

#include "input/load.h"
#include "output/drift_print.h"

/*
 * Loads all reports, drops those that a later one of the same machine replaces, unless all_visits,
 * prints caveats, and sets group and cluster of each host.  Returns false after a message if a
 * report cannot be used; the others are in *f all the same.  fleet_free frees it.
 */
bool fleet_load(struct fleet *f, const struct inputs *in, bool all_visits);
void fleet_free(struct fleet *f);

/*
 * Returns a host from a report that is loaded, whose name it takes over; group and cluster are not
 * set.  NULL after a message.  drifter_free frees it.
 */
struct drifter *drifter_make(const char *path, struct loaded *l);
void drifter_free(struct drifter *d);

/* Sets group and cluster of each host. */
void fleet_group(struct fleet *f);

#endif
