/* SPDX-License-Identifier: MIT */
/*
 * fleet_load.h - loads the hosts of many reports, grouped by what should be identical.
 */
#ifndef FLEET_LOAD_H
#define FLEET_LOAD_H

#include "input/fleet_group.h"
#include "input/load.h"

/*
 * Loads all reports, drops those that a later one of the same machine replaces, unless all_visits,
 * prints caveats, and sets group and cluster of each host.  A report that cannot be used is named
 * and left out (inputs_leave_out).  Returns false after a message, with no hosts, if that is the
 * end.  fleet_free frees *f in any case.
 */
bool fleet_load(struct fleet *f, struct inputs *in, bool all_visits);
void fleet_free(struct fleet *f);

/* What is compared of a report that is read. */
struct fleet_read {
	struct drifter *host; /* without what it shares with others: */
	struct fleet_kind *kind;
	struct fleet_setup setup;
	char about[DRIFT_ABOUT_MAX], revisions[DRIFT_ABOUT_MAX];
};

/*
 * Takes it of a report, in any thread, and its name.  Returns false after a message.
 * fleet_read_keep makes it a host, whose group and cluster are not set; fleet_read_drop frees it.
 */
bool fleet_read_take(struct fleet_read *r, const char *path, struct loaded *l);
struct drifter *fleet_read_keep(struct fleet *f, struct fleet_read *r);
void fleet_read_drop(struct fleet_read *r);

/* Returns the words at the place where they are kept. */
const char *fleet_words(struct fleet *f, const char *words);

/* Frees a host.  Does nothing if d is NULL. */
void drifter_free(struct drifter *d);

#endif
