/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - one line on a box: is it as its sisters are?
 *
 * Said in front of the box, from the reports of earlier boxes on the same stick, or from the one
 * report that a box must equal.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/text.h"
#include "compare/drift.h"

#define VERDICT_NAME_MAX  64   /* of a report's file, NUL counted */
#define VERDICT_NAMES_MAX 128  /* bytes of names of features, NUL counted */
#define VERDICT_HOSTS_MAX 4096 /* more earlier boxes are counted, each visit as a box */

/* In what a box differs from another. */
struct verdict_difference {
	char from[VERDICT_NAME_MAX];   /* the other's file */
	char names[VERDICT_NAMES_MAX]; /* "AESNI, PCLMULQDQ and 3 more"; "" they are alike */
	enum feature_id setup;         /* F_NONE, or one of them for which setup has a name */
};

struct verdict {
	size_t like, same;                  /* earlier boxes that it ought to be as, and is as */
	struct verdict_difference odd;      /* from the latest that it is not as */
	bool before;                        /* this box was here before: */
	struct verdict_difference previous; /* in what it has changed since the last visit */
	size_t counted;
	uint32_t host[VERDICT_HOSTS_MAX]; /* which were, as far as their serial numbers tell */
};

void verdict_start(struct verdict *v);

/* Says in *d in what two boxes differ; name is the other's file.  Returns false if they do not. */
bool verdict_compare(struct verdict_difference *d, const struct drift_host *mine,
                     const struct drift_host *other, const char *name);

/* Counts an earlier report; the latest must come first.  Visits of one outcome to a box count once.
 */
void verdict_add(struct verdict *v, const struct drift_host *mine, const struct drift_host *other,
                 const char *name);

/* Appends the verdict on the earlier boxes: a sentence, and one more if this box was here before.
 */
void verdict_write(struct text *t, const struct verdict *v);

/*
 * Appends the verdict against the report that a box must equal.  like: it is of such a box;
 * sealed: its seal was checked.
 */
void verdict_write_golden(struct text *t, const struct verdict_difference *d, bool like,
                          bool sealed);

#endif
