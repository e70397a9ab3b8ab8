/* SPDX-License-Identifier: MIT */
/*
 * load.h - loads reports and pools.  A report is parsed only after its seal has been checked.
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
	bool sealed; /* the seal is good and its key trusted */
	uint8_t key[SEAL_NUMBER];
	char comment[SEAL_COMMENT_MAX + 1]; /* the seal's trusted comment */
};

/*
 * Loads a report.  On ERR_NONE the caller frees *ret with load_free.  Otherwise there is nothing to
 * free, and a message has been printed; ERR_READ: the file cannot be read.
 */
enum err load_report(const char *path, const struct trust *trust, struct loaded *ret);
void load_free(struct loaded *l);

/* True if the file begins like a pool.  False if it cannot be read. */
bool load_is_pool(const char *path);

/* Returns a pool, for load_pool_free.  NULL after a message. */
struct pool *load_pool(const char *path);

/* Frees a pool from allocate and its content.  Does nothing if pool is NULL. */
void load_pool_free(struct pool *pool);

/*
 * Adds a report or a pool to a pool.  Pools are this workstation's own files and have no seal.
 * Returns false after a message.
 */
bool load_into_pool(const char *path, const struct trust *trust, struct pool *pool);

/*
 * Loads a report or a pool and merges its hosts into *baseline.  Returns the pool, for
 * load_pool_free.  NULL after a message.
 */
struct pool *load_merged(const char *path, const struct trust *trust, struct cpuid_set *baseline);

/* The same without the pool.  Returns false after a message. */
bool load_baseline(const char *path, const struct trust *trust, struct cpuid_set *baseline);

#endif
