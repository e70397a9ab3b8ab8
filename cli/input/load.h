/* SPDX-License-Identifier: MIT */
/*
 * load.h - from a file to a struct: bytes, seal check, then, and only then, reading.
 */
#ifndef LOAD_H
#define LOAD_H

#include "fleet/pool.h"
#include "input/file.h"
#include "input/inputs.h"
#include "report/report.h"

/* A report and what is known of its file. */
struct loaded {
	struct report *report; /* from malloc */
	char *name;            /* the host's name: the file's, without .txt */
	uint8_t digest[POOL_DIGEST];
	bool sealed; /* with a key that is trusted */
	uint8_t key[SEAL_NUMBER];
	char comment[SEAL_COMMENT_MAX + 1]; /* the seal's trusted comment */
};

/*
 * Loads a report.  ERR_NONE: *ret is to be freed with load_free.  Otherwise the cause has been said
 * and there is nothing to free; ERR_READ: the file could not be read.
 */
enum err load_report(const char *path, const struct trust *trust, struct loaded *ret);
void load_free(struct loaded *l);

/* True if the file begins as a pool does; a file that cannot be read is none. */
bool load_is_pool(const char *path);

/* Loads a pool, for load_pool_free.  NULL: the cause has been said. */
struct pool *load_pool(const char *path);

/* Frees a pool from allocate and what it holds; NULL is nothing. */
void load_pool_free(struct pool *pool);

/*
 * Adds a report or a pool to a pool.  Pools are this workstation's own files and have no seal.  On
 * failure the cause has been said.
 */
bool load_into_pool(const char *path, const struct trust *trust, struct pool *pool);

/*
 * Loads a report or a pool, as a pool for load_pool_free, and merges it: what the host's
 * processors, or all hosts, promise together.  NULL: the cause has been said.
 */
struct pool *load_merged(const char *path, const struct trust *trust, struct cpuid_set *baseline);

/* The same without the pool.  On failure the cause has been said. */
bool load_baseline(const char *path, const struct trust *trust, struct cpuid_set *baseline);

#endif
