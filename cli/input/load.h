/* SPDX-License-Identifier: MIT */
/*
 * load.h - loads reports and pools.  They are parsed only after their seals have been checked.
 */
#ifndef LOAD_H
#define LOAD_H

#include "compare/drift.h"
#include "fleet/pool.h"
#include "input/file.h"
#include "input/inputs.h"
#include "input/sealed.h"
#include "report/report.h"
#include "tpm/tpm.h"

/* A report and what is known of its file. */
struct loaded {
	struct report *report; /* from malloc, unless it is lent */
	bool lent;
	char *name; /* the host's name: the file's, without .txt */
	uint8_t digest[POOL_DIGEST];
	bool tpm;                   /* trust->checking, and a TPM may have signed it too */
	uint8_t sha256[TPM_SHA256]; /* then: what that signs */
	struct seal_found seal;
};

/*
 * Loads a report; with --unsigned also a file of another program (formats.h).  On ERR_NONE the
 * caller frees *ret with load_free.  Otherwise there is nothing to free, and a message has been
 * printed; ERR_READ: the file cannot be read.
 */
enum err load_report(const char *path, const struct trust *trust, struct loaded *ret);

/* The same with the memory for the report, which stays the caller's. */
enum err load_report_into(const char *path, const struct trust *trust, struct report *room,
                          struct loaded *ret);

/* The same for bytes whose seal has been judged; does not set ret->seal. */
enum err load_parse(const char *path, const struct bytes *b, const struct trust *trust,
                    struct loaded *ret);
void load_free(struct loaded *l);

/*
 * Takes from the report in a file what hosts are compared by.  Returns false after a message: it
 * has no processor, or more leaves than fit.
 */
bool load_host(struct drift_host *to, const char *path, const struct report *r);

/*
 * Returns "a report" or "a pool" if bytes begin as one does, else NULL: only to word a message.
 */
const char *load_what(const struct bytes *b);

/*
 * Returns a pool, for load_pool_free, and what is known of its seal: unless it is good, what the
 * pool says of its hosts' seals is a claim.  NULL after a message.
 */
struct pool *load_pool(const char *path, const struct trust *trust, struct seal_found *ret_seal);

/* Frees a pool from allocate and its content.  Does nothing if pool is NULL. */
void load_pool_free(struct pool *pool);

#endif
