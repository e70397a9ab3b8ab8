/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - the probe's verdict: does this host match the earlier ones?
 *
 * It compares this host with the earlier hosts of its type on the stick, or with the golden report.
 * A host deviates in a feature if another value of it is more common than its own.  So an odd host
 * among the earlier ones is named, but no healthy host is told to change its setup because of it.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "base/text.h"
#include "compare/drift.h"
#include "report/setup.h"

#define VERDICT_NAME_MAX    64   /* of a report's file, NUL counted */
#define VERDICT_HOSTS_MAX   4096 /* beyond this, each visit counts as a host */
#define VERDICT_CLASSES_MAX 32   /* different kinds of hosts; what others differ in is not told */
#define VERDICT_ITEMS_MAX   64   /* differences; the report has the others */

/* What a feature, a number or the processors are on a host. */
enum verdict_value { VERDICT_OFF, VERDICT_ON, VERDICT_MIXED }; /* of a bit; MIXED: on some only */

/* One difference between this host and others. */
struct verdict_item {
	enum drift_what what;
	enum feature_id id; /* F_NONE: a bit without a row, or nothing that setup can switch */
	struct place at;
	bool bit;              /* the values are enum verdict_value, otherwise numbers */
	uint64_t mine, theirs; /* here, and there */
	size_t hosts;          /* have theirs */
	enum drift_counted counted;
	struct topology here, there; /* DRIFT_PROCESSORS */
};

struct verdict_list {
	size_t count, more; /* more: differences that found no room */
	struct verdict_item item[VERDICT_ITEMS_MAX];
};

/* Earlier hosts that are identical to one another and differ from this one. */
struct verdict_class {
	char from[VERDICT_NAME_MAX]; /* the file of the latest */
	bool counted;                /* from is of a host that counts */
	size_t hosts;
	struct drift_host host;
};

/* An earlier host that can be identified. */
struct verdict_host {
	uint64_t machine;     /* a hash of its identity */
	uint64_t seen;        /* bit i: a visit was of class i; see class_of */
	uint8_t latest, last; /* class of its latest visit, and of the one added last */
	bool shared;          /* its leaves alternate: two machines claim its numbers */
};

/* About a mebibyte. */
struct verdict {
	const struct drift_host *mine;
	const struct setup
		*setup;    /* of this host, to name options by; NULL: by the table's names */
	size_t like, same; /* earlier hosts of its type; those that match; set by verdict_judge */
	size_t deviations; /* items of differences in which most hosts differ from this one */
	size_t undecided;  /* items for which as many hosts are for it as against */
	struct verdict_list differences;
	char shared[VERDICT_NAME_MAX]; /* a report whose numbers two machines claim; "" */
	bool before;                   /* this host has an earlier visit, and: */
	char previous_from[VERDICT_NAME_MAX];
	struct verdict_list previous;                 /* how it differs from that visit */
	size_t unidentified[VERDICT_CLASSES_MAX + 2]; /* hosts without an identity, by class */
	size_t hosts, classes;
	struct verdict_host host[VERDICT_HOSTS_MAX];
	struct verdict_class class[VERDICT_CLASSES_MAX];
};

/* Begins a verdict on a host, which must stay: no earlier hosts; setup is NULL. */
void verdict_start(struct verdict *v, const struct drift_host *mine);

/* Adds an earlier report; name is its file.  The latest must be added first. */
void verdict_add(struct verdict *v, const struct drift_host *other, const char *name);

/*
 * Counts each earlier host once, with its latest report; if its leaves alternate from visit to
 * visit, once with each.  Returns true if this host deviates or if nothing can be decided, and if
 * it has changed with no other host to compare it with.  To be called once, after the last
 * verdict_add.
 */
bool verdict_judge(struct verdict *v);

/* Returns true if an item is a deviation of this host, or undecided if undecided is set. */
bool verdict_is(const struct verdict *v, const struct verdict_item *item, bool undecided);

/* Sets *list to how two hosts differ.  Returns false if they do not. */
bool verdict_compare(struct verdict_list *list, const struct drift_host *mine,
                     const struct drift_host *other);

/*
 * Appends the verdict: how this host compares with the earlier ones, and with its last visit.  No
 * full stop at the end.  After verdict_judge.
 */
void verdict_write(struct text *t, const struct verdict *v);

/* The golden report, for verdict_write_golden. */
struct verdict_golden {
	bool like, sealed; /* of a host of this type; its seal is good */
	const struct setup *mine,
		*there; /* the options of this host and of the report; may be NULL */
};

/* Appends the verdict against the golden report.  No full stop at the end. */
void verdict_write_golden(struct text *t, const struct verdict_list *list,
                          const struct verdict_golden *golden);

#endif
