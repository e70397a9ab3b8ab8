/* SPDX-License-Identifier: MIT */
/*
 * merge_print.h - says what is in a pool that was made.
 */
#ifndef MERGE_PRINT_H
#define MERGE_PRINT_H

#include "fleet/pool.h"

struct merge_result {
	const struct pool *pool;
	const struct merge *merge;
	const char *path; /* of the pool's file; NULL: standard output */
	bool sealed;      /* the pool has a seal */
};

/* Says on standard error what an administrator should know of the new pool. */
void merge_print(const struct merge_result *r);

/* Prints a JSON document with the hosts of the pool. */
void merge_json(const struct merge_result *r, int exit_status);

#endif
