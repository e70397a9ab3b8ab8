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

#define POOL_NAME_MAX    REPORT_STRING_MAX
#define POOL_DIGEST      16      /* bytes of BLAKE2b-128 over the host's report */
#define POOL_ANSWERS_MAX 0x10000 /* different ones: the format counts them in 16 bits */

/* An answer that some host gave. */
struct pool_answer {
	size_t index; /* in the pool's list */
	struct cpuid_set set;
};

struct pool_host {
	char name[POOL_NAME_MAX + 1]; /* as the user named the report's file */
	uint8_t digest[POOL_DIGEST];  /* tells hosts of one name apart */
	bool sealed;                  /* its report's seal was good when it was added, */
	uint8_t key[8];               /* with the key of this number */
	size_t answers;
	struct pool_answer *answer[REPORT_KINDS_MAX]; /* ascending: one for each kind */
};

/* Both lists are allocated; pool_free ends them. */
struct pool {
	size_t hosts;
	struct pool_host *host; /* ascending by name, then digest */
	size_t answers;
	struct pool_answer **answer; /* ascending as cpuid_compare orders them */
};

/* An empty pool.  The other functions take a pool that was started. */
void pool_start(struct pool *p);

/* Frees what a pool holds and leaves it empty. */
void pool_free(struct pool *p);

/*
 * Adds a host with the answers of a report's kinds.  host->answers and host->answer are set here.
 * On failure *p is only to be freed.
 */
enum err pool_add_report(struct pool *p, const struct pool_host *host, const struct report *r);

/* Adds the hosts of another pool, which stays as it is. */
enum err pool_add_pool(struct pool *p, const struct pool *other);

/* Orders hosts by name, byte for byte, then by digest: negative, 0 or positive. */
int pool_compare(const struct pool_host *a, const struct pool_host *b);

/* Returns the host of this name, or NULL if there is none; *count is how many have it. */
const struct pool_host *pool_find(const struct pool *p, const char *name, size_t *count);

/* Merges the answers of all hosts, or of one.  False: more leaves than a set holds. */
bool pool_merge(const struct pool *p, struct merge *m);
bool pool_merge_host(const struct pool_host *host, struct merge *m);

/* Returns how many bytes pool_write needs at most. */
size_t pool_size(const struct pool *p);

/* Writes the pool by its one spelling (docs/report-format.md), program being who wrote it. */
void pool_write(struct text *t, const struct pool *p, const char *program);

/* Reads a pool into an empty one, as report_read does a report.  On failure *p is empty. */
enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where);

/*
 * Steps of reading and adding.  Returns the answer that is like a set, made if there is none; NULL:
 * there is no room for it, or no memory.
 */
struct pool_answer *pool_answer(struct pool *p, const struct cpuid_set *set);

#endif
