/* SPDX-License-Identifier: MIT */
/*
 * pool.h - a group of hosts and what each answered, as one file that merges again.
 *
 * A pool keeps the hosts' answers themselves, each set once however many hosts gave it, without the
 * bits that are not the machine's (APIC ids, mirrors of CR4, brand strings).  So merging two pools
 * is a union of sets: it does not depend on order or grouping and a host that is in both counts
 * once; and the pool can say of every bit which hosts lack it.
 */
#ifndef POOL_H
#define POOL_H

#include "compare/merge.h"
#include "report/report.h"

#define POOL_HOSTS_MAX   4096
#define POOL_ANSWERS_MAX 1024
#define POOL_NAME_MAX    REPORT_STRING_MAX
#define POOL_DIGEST      16        /* bytes of BLAKE2b-128 over the host's report */
#define POOL_TEXT_MAX    0x2000000 /* bytes; no pool is longer */

struct pool_host {
	char name[POOL_NAME_MAX + 1]; /* as the user named the report's file */
	uint8_t digest[POOL_DIGEST];  /* tells hosts of one name apart */
	bool sealed;                  /* its report's seal was good when it was added, */
	uint8_t key[8];               /* with the key of this number */
	size_t answers;
	uint16_t answer[REPORT_KINDS_MAX]; /* ascending indices into pool.answer: one for each kind
	                                    */
};

/* About 13 MiB, most of which a small pool never touches. */
struct pool {
	size_t hosts;
	struct pool_host host[POOL_HOSTS_MAX]; /* ascending by name, then digest */
	size_t answers;
	struct cpuid_set answer[POOL_ANSWERS_MAX];
};

void pool_start(struct pool *p);

/*
 * Adds a host with the answers of a report's kinds.  host->answers and host->answer are set here.
 * Returns ERR_FULL if a limit is reached; *p is then not to be used.
 */
enum err pool_add_report(struct pool *p, const struct pool_host *host, const struct report *r);

/* Adds the hosts of another pool. */
enum err pool_add_pool(struct pool *p, const struct pool *other);

/* Orders hosts by name, byte for byte, then by digest: negative, 0 or positive. */
int pool_compare(const struct pool_host *a, const struct pool_host *b);

/* Returns the host of this name, or NULL if there is none; *count is how many have it. */
const struct pool_host *pool_find(const struct pool *p, const char *name, size_t *count);

/* Merges the answers of all hosts, or of one.  False: more leaves than a set holds. */
bool pool_merge(const struct pool *p, struct merge *m);
bool pool_merge_host(const struct pool *p, const struct pool_host *host, struct merge *m);

/* Writes the pool by its one spelling (docs/report-format.md), program being who wrote it. */
void pool_write(struct text *t, const struct pool *p, const char *program);

/* Reads a pool, as report_read does a report. */
enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where);

#endif
