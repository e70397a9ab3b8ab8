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
 * prints caveats, and sets group and cluster of each host.  A report that cannot be used is named
 * and left out (inputs_leave_out).  Returns false after a message, with no hosts, if that is the
 * end.  fleet_free frees *f in any case.
 */
bool fleet_load(struct fleet *f, struct inputs *in, bool all_visits);
void fleet_free(struct fleet *f);

#endif
