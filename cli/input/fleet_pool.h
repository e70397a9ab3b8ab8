/* SPDX-License-Identifier: MIT */
/*
 * fleet_pool.h - the hosts of reports and pools, both as a pool and as a fleet that is compared.
 *
 * A pool does not say what machine a host is, nor how its setup is set.  Hosts whose reports are
 * not given are known by their processors only.
 */
#ifndef FLEET_POOL_H
#define FLEET_POOL_H

#include "input/fleet_load.h"

struct fleet_pool {
	struct pool pool;
	struct fleet fleet; /* at[i] is pool.host[i] */
	bool *known;        /* the report of each host is given */
};

/*
 * Loads all files as gather does, drops what later reports of a machine replace, unless all_visits,
 * prints caveats, and sets group and cluster of each host.  Returns false after a message.
 * fleet_pool_free frees *p in any case.
 */
bool fleet_pool_load(struct fleet_pool *p, struct inputs *in, bool all_visits);
void fleet_pool_free(struct fleet_pool *p);

#endif
