/* SPDX-License-Identifier: MIT */
/*
 * drift_print.h - boxes that ought to be identical, and what is said of those that are not.
 */
#ifndef DRIFT_PRINT_H
#define DRIFT_PRINT_H

#include "cli.h"
#include "compare/drift.h"

/* One box, as its report tells. */
struct drifter {
	char *name;          /* of the report's file, without .txt; from malloc */
	char about[512];     /* vendor and product of the machine, brand of its processor */
	char revisions[512]; /* of BIOS and microcode: not compared, but they explain */
	struct drift_host host;
	size_t like, same; /* index of the first box that it ought to be like, that it is like */
};

/* The boxes of all reports, in the order of the arguments. */
struct fleet {
	size_t count;
	struct drifter **at; /* each from malloc */
};

/* Fills in about and revisions. */
void drift_describe(struct drifter *d, const struct report *r);

/*
 * Says of the boxes whose like is first whether they are alike, and which are the odd ones out.
 * Returns true if there are such.
 */
bool drift_print(const struct fleet *f, size_t first);

#endif
