/* SPDX-License-Identifier: MIT */
/*
 * pool.h - a group of hosts and their CPUID leaves, as one file that can be merged again.
 *
 * A pool has the leaves of its hosts, not their baseline.  An answer is the leaves of one kind of
 * processors, without bits that are not features of the machine (APIC IDs, mirrors of CR4, brand
 * strings); answers that several hosts have are stored once.  So merging two pools is a union of
 * sets: order and grouping make no difference, a host that is in both counts once, and the pool
 * knows for every bit which hosts lack it.  pool_finish sorts what was added, and pool_settle then
 * drops earlier reports of a machine.
 */
#ifndef POOL_H
#define POOL_H

#include "compare/merge.h"
#include "fleet/intern.h"
#include "fleet/visit.h"
#include "report/report.h"

#define POOL_NAME_MAX         REPORT_STRING_MAX
#define POOL_DIGEST           16 /* bytes of BLAKE2b-128 over the host's report */
#define POOL_HOST_ANSWERS_MAX (2 * REPORT_KINDS_MAX) /* of a host */

#define POOL_MAGIC     "cpulevel-pool" /* its first word */
#define POOL_STEPPINGS 16

/* An answer of one or more hosts.  Only the first set.count leaves are there. */
struct pool_answer {
	size_t index; /* in the pool's list, after pool_finish */
	struct cpuid_set set;
};

/* The answers of a host, ascending by cpuid_compare.  Only the first count are there. */
struct pool_list {
	size_t count;
	struct pool_answer *at[POOL_HOST_ANSWERS_MAX];
};

/* Whether the CPUID leaves are those of a virtual machine; pools of version 1 and 2 do not say. */
enum pool_guest { GUEST_UNKNOWN, GUEST_NOT, GUEST_IS };

struct pool_host {
	char name[POOL_NAME_MAX + 1]; /* the name of the report's file, without .txt */
	uint8_t digest[POOL_DIGEST];  /* distinguishes hosts with the same name */
	bool sealed;                  /* its report had a good seal when it was added */
	uint8_t key[8];               /* the number of the key of that seal */
	bool claimed;                 /* only a pool without a good seal says so; not in the file */
	struct visit visit;           /* of which machine, and when */
	enum pool_guest guest;        /* set by pool_add_report */
	char hypervisor[13];          /* of a guest: cpuid_guest */
	struct control_value microcode; /* the oldest of its processors, if all are known */
	uint16_t steppings;             /* bit n: it has processors of stepping n; 0: unknown */
	size_t answers;
	struct pool_answer *const *answer; /* ascending: one or two for each kind; equal lists of
	                                      answers are at one place */
};

struct pool_name {
	char name[POOL_NAME_MAX + 1];
};

/* The lists are allocated; pool_free frees them. */
struct pool {
	size_t hosts;
	struct pool_host *host; /* after pool_finish ascending by name, then digest */
	size_t answers;
	struct pool_answer **answer; /* after pool_finish: all, ascending by cpuid_compare */
	size_t left_outs;
	struct pool_name *left_out; /* files that could not be used; after pool_finish ascending */
	bool no_machines;           /* of version 1: it does not say which machine a host is */
	bool no_zeros;              /* of version 1 or 2: leaves that are all zero were left out */
	bool as_read; /* from a file: answers may have what does not describe a machine */
	bool finished;
	struct intern sets, lists; /* of struct pool_answer and struct pool_list */
};

/* Makes a pool empty.  The other functions need a started pool. */
void pool_start(struct pool *p);

/* Frees the lists of a pool and leaves it empty. */
void pool_free(struct pool *p);

/*
 * Adds a host with one answer for each kind of a report; host->answers, host->answer and
 * host->guest are ignored.  On failure nothing is added.
 */
enum err pool_add_report(struct pool *p, const struct pool_host *host, const struct report *r);

/*
 * Adds the hosts of another pool, which need not be finished, and the names of what was left out of
 * it.  On failure *p can only be freed.
 */
enum err pool_add_pool(struct pool *p, const struct pool *other);

/* Notes the name of a file that should be in the pool and is not.  Returns ERR_MEMORY or none. */
enum err pool_leave_out(struct pool *p, const char *name);

/*
 * To be called after the last host was added, before anything below: sorts hosts and answers, and
 * makes one of the hosts that were added several times.  On failure *p can only be freed.
 */
enum err pool_finish(struct pool *p);

/*
 * Fills v[p->hosts] with the hosts, for visit_judge.  struct visitor.of is the struct pool_host;
 * both are valid as long as the pool is not changed.
 */
void pool_visitors(const struct pool *p, struct visitor *v);

/* For visit_judge: true if two hosts of one pool have the same answers. */
visit_same pool_same_answers;

/*
 * Drops the hosts that do not count, and answers that no other host has.  v is used up.  Returns
 * false if there is no memory.
 */
bool pool_settle(struct pool *p, const struct visitor *v);

/* Compares hosts by name, byte by byte, then by digest.  Returns a negative number, 0 or a
 * positive. */
int pool_compare(const struct pool_host *a, const struct pool_host *b);

/* Returns the first host with this name, or NULL; *count is how many have it. */
const struct pool_host *pool_find(const struct pool *p, const char *name, size_t *count);

/*
 * Sets *set to the leaves of the n-th processor of a host, with its stepping, which answers do not
 * have: each answer with each stepping, or with each that there is if that is unknown.  Returns
 * false if there are no more.
 */
bool pool_processor(const struct pool_host *host, size_t n, struct cpuid_set *set);

/* Merge the answers of all hosts, or of one.  Return false if a set cannot hold all leaves. */
bool pool_merge(const struct pool *p, struct merge *m);
bool pool_merge_host(const struct pool_host *host, struct merge *m);

/* Returns the most bytes that pool_write may write. */
size_t pool_size(const struct pool *p);

/* Writes the pool in canonical form (docs/report-format.md); program is the writer's name. */
void pool_write(struct text *t, const struct pool *p, const char *program);

/* Reads a pool of version 1 to 4 into the empty *p, as report_read reads a report.  On failure *p
 * is empty. */
enum err pool_read(struct pool *p, const char *text, size_t size, struct where *reterr_where);

/* For adding and reading: */

/* Returns the kept answer equal to a set; NULL: no memory. */
struct pool_answer *pool_answer(struct pool *p, const struct cpuid_set *set);

/* Adds an answer to a list.  ERR_MANY_OF_HOST: it is full. */
enum err pool_note(struct pool_list *list, struct pool_answer *answer);

/* Gives a host a list of answers.  ERR_MEMORY: there is none. */
enum err pool_give(struct pool *p, struct pool_host *host, const struct pool_list *list);

/* Sets p->answer to the answers of the hosts.  Returns false if there is no memory. */
bool pool_number_answers(struct pool *p);

#endif
