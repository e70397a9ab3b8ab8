/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - the probe's verdict: does this host match the earlier ones?
 *
 * It compares this host with the earlier hosts of its type on the stick, or with the golden report.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/text.h"
#include "compare/drift.h"

#define VERDICT_NAME_MAX  64   /* of a report's file, NUL counted */
#define VERDICT_NAMES_MAX 128  /* bytes of names of features, NUL counted */
#define VERDICT_HOSTS_MAX 4096 /* beyond this, each visit counts as a host */

/* How this host differs from another. */
struct verdict_difference {
	char from[VERDICT_NAME_MAX];   /* the other host's file */
	char names[VERDICT_NAMES_MAX]; /* "AESNI, PCLMULQDQ and 3 more"; "" if nothing differs */
	enum feature_id setup;         /* one of them that has a setup option, or F_NONE */
};

struct verdict {
	size_t like, same;                  /* earlier hosts of its type; those that match */
	struct verdict_difference odd;      /* from the latest that does not match */
	bool before;                        /* this host has an earlier visit, and: */
	struct verdict_difference previous; /* how it differs from that visit */
	size_t counted;
	uint32_t host[VERDICT_HOSTS_MAX]; /* hashes of the hosts that were counted */
};

/* Begins a verdict: no earlier hosts. */
void verdict_start(struct verdict *v);

/*
 * Sets *d to how two hosts differ; name is the other's file.  Returns false if they do not differ.
 */
bool verdict_compare(struct verdict_difference *d, const struct drift_host *mine,
                     const struct drift_host *other, const char *name);

/*
 * Counts an earlier report.  The latest must be added first.  Several visits of a host with the
 * same outcome count once.
 */
void verdict_add(struct verdict *v, const struct drift_host *mine, const struct drift_host *other,
                 const char *name);

/*
 * Appends the verdict: how this host compares with the earlier ones, and with its last visit.  No
 * full stop at the end.
 */
void verdict_write(struct text *t, const struct verdict *v);

/*
 * Appends the verdict against the golden report.  like: the report is of a host of this type;
 * sealed: its seal is good.  No full stop at the end.
 */
void verdict_write_golden(struct text *t, const struct verdict_difference *d, bool like,
                          bool sealed);

#endif
