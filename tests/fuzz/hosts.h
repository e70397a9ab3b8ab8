/* SPDX-License-Identifier: MIT */
/*
 * hosts.h - makes hosts of the fuzzer's bytes: few bytes, many kinds of hosts.
 *
 * tests/fuzz/seeds.py writes the same of recorded machines.
 */
#ifndef FUZZ_HOSTS_H
#define FUZZ_HOSTS_H

#include "fleet/pool.h"
#include "fuzz.h"

#define HOSTS_MAX 5

/* The hosts; valid until the next call. */
struct hosts {
	size_t count; /* at least 1 */
	struct pool_host host[HOSTS_MAX];
	struct report report[HOSTS_MAX];
};

/* Takes hosts, each with at least one processor.  What is left of the bytes is for the harness. */
struct hosts *hosts_take(struct feed *f);

/* Adds them to a pool in the order of their numbers from start on, and finishes it. */
void hosts_pool(struct pool *p, const struct hosts *h, const size_t *order, size_t count);

#endif
