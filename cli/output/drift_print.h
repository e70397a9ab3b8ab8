/* SPDX-License-Identifier: MIT */
/*
 * drift_print.h - prints which hosts differ from those that should be identical to them.
 */
#ifndef DRIFT_PRINT_H
#define DRIFT_PRINT_H

#include "cli.h"
#include "compare/drift.h"
#include "fleet/intern.h"
#include "fleet/options.h"
#include "fleet/visit.h"
#include "output/caveats.h"

#define DRIFT_ABOUT_MAX 512

/* A host, from its report.  What is equal on several hosts is at one place. */
struct drifter {
	char *name;            /* of the report's file, without .txt; from malloc */
	const char *about;     /* vendor and product of the machine, brand of its processor */
	const char *revisions; /* of BIOS and microcode: not compared, but may be the cause */
	const struct drift_host *host; /* of the first host with this, but for what is ignored */
	const struct option_host *setup;
	struct visit visit;
	struct caveat caveat;
	bool sealed;              /* its report has a good seal, */
	uint8_t key[SEAL_NUMBER]; /* by the stick with this key number */
	bool replaced;            /* by a later report of the machine */
	size_t group;             /* index of the first host that should be identical to it */
	size_t cluster;           /* index of the first host that is identical to it */

	/* Set by drift_link: index of the next host of its group, and of its cluster; the number of
	 * all hosts: none.  How many hosts there are in the group and the cluster that it begins.
	 */
	size_t group_next, cluster_next, group_hosts, cluster_hosts;
};

/* The hosts of all reports, in the order of the arguments. */
struct fleet {
	size_t count;
	struct drifter **at;                /* each from malloc */
	struct intern hosts, setups, words; /* what the drifters point to */
	size_t left_outs;                   /* reports that could not be used, */
	const struct pool_name *left_out;   /* and their names, which belong to the inputs */
};

/* Links the hosts of each group and cluster. */
void drift_link(const struct fleet *f);

/* Describe the machine and its processor, and the revisions of its BIOS and microcode. */
void drift_describe_about(char about[static DRIFT_ABOUT_MAX], const struct report *r);
void drift_describe_revisions(char revisions[static DRIFT_ABOUT_MAX], const struct report *r);

/* Returns the number of hosts in a cluster. */
size_t drift_cluster_size(const struct fleet *f, size_t cluster);

/* Returns the largest cluster of a group.  Clears *alone if another is as large. */
size_t drift_majority(const struct fleet *f, size_t first, bool *alone);

/*
 * Appends the value of a feature on one of two hosts: "1", "39 bits", "1 on some processors"; first
 * says which of the two that d is about.
 */
void drift_value_write(struct text *t, const struct drift *d, const struct drifter *host,
                       bool first);

/*
 * Appends which register says that firmware switched a feature off on one of two hosts; nothing if
 * none does.  row is that of msr_switch.
 */
void drift_switch_write(struct text *t, enum feature_id id, size_t row, const struct drifter *odd,
                        const struct drifter *other);

/* Returns true if some hosts of the group that begins at first differ. */
bool drift_group_differs(const struct fleet *f, size_t first);

/* Prints whether the hosts of a group are identical, and which differ from the majority. */
void drift_print(const struct fleet *f, size_t first);

/* Print the same of all groups: as a JSON document, as a table. */
void drift_json(const struct fleet *f, int exit_status);
void drift_csv(const struct fleet *f);

#endif
