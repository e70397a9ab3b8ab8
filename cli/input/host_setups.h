/* SPDX-License-Identifier: MIT */
/*
 * host_setups.h - the setup options of a pool's hosts, from their reports.
 *
 * A pool has no setup options.  It has the digest of each host's report, so that the report that is
 * given beside it, and no other, can say what the host's setup was.
 */
#ifndef HOST_SETUPS_H
#define HOST_SETUPS_H

#include "fleet/options.h"
#include "input/load.h"

struct host_setup {
	bool taken;
	uint8_t digest[POOL_DIGEST];
	struct option_host setup;
};

struct host_setups {
	size_t count;
	struct host_setup *at;           /* allocated, as all below */
	const struct option_host **host; /* of each host of the pool */
	struct options options;          /* of these */
	uint8_t *side;                   /* enum option_side of each, for the caller */
};

/* Takes the options of a report. */
void host_setup_take(struct host_setup *h, const struct loaded *l);

/* Adds them; they are not the caller's any more. */
void host_setups_add(struct host_setups *k, const struct host_setup *h);

/*
 * Takes the options of reports, and nothing else of them.  Names files that cannot be used, and
 * leaves them out.  Returns false if that is the end (inputs_leave_out).
 */
bool host_setups_load(struct host_setups *k, struct inputs *in);

/*
 * Sets host, options and side for a pool.  Says on standard error how many reports are of none of
 * its hosts.
 */
void host_setups_join(struct host_setups *k, const struct pool *pool);

void host_setups_free(struct host_setups *k);

#endif
