/* SPDX-License-Identifier: MIT */
/*
 * gather.h - loads the hosts of many reports and pools into one pool.
 *
 * A file that cannot be used is named, and the others are used: it is left out.  The pool has its
 * name, so that whatever is made of the pool can say so.
 */
#ifndef GATHER_H
#define GATHER_H

#include "fleet/pool.h"
#include "input/host_setups.h"
#include "input/inputs.h"

/*
 * Adds the hosts of all files (inputs_is_pool) to an empty pool and finishes it; with setups also
 * takes the setup options of reports.  Returns false after a message: no file can be used, or with
 * --strict, one cannot.
 */
bool gather(struct inputs *in, struct pool *pool, struct host_setups *setups);

/* What else is taken of each report. */
struct gather_more {
	size_t size; /* of what is taken; zeroed before */
	void *ctx;
	/* Takes it in any thread.  Returns false after a message. */
	bool (*take)(void *slot, const char *path, struct loaded *l);
	/* Takes it over in the caller's thread, or frees it. */
	void (*keep)(void *ctx, void *slot);
	void (*drop)(void *slot);
};

/* The same as gather with this in the place of setups. */
bool gather_with(struct inputs *in, struct pool *pool, const struct gather_more *more);

/*
 * The same, then drops what later reports of a machine replace, and prints the caveats of the
 * hosts.
 */
bool gather_hosts(struct inputs *in, struct pool *pool);

/*
 * The same, and merges the hosts into *m and *baseline.  Returns the pool, for load_pool_free. NULL
 * after a message.
 */
struct pool *gather_merged(struct inputs *in, struct merge *m, struct cpuid_set *baseline);

#endif
