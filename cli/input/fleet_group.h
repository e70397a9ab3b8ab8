/* SPDX-License-Identifier: MIT */
/*
 * fleet_group.h - keeps what hosts have in common once, and groups the hosts by it.
 *
 * What differs between hosts that are compared is kept once for all that have it, and compared once
 * with the others: time and memory grow with what is different, and with hosts only in proportion.
 */
#ifndef FLEET_GROUP_H
#define FLEET_GROUP_H

#include "output/drift_print.h"

/* The compared part of a report, and the bytes that are equal if it is. */
struct fleet_kind;

/*
 * Returns what is compared of a report, which has kinds, from malloc.  NULL: its processors
 * together have more leaves than a set holds.
 */
struct fleet_kind *fleet_kind_take(const struct report *r);

/*
 * The same of a host of a pool, which says nothing of the machine and of setup: it should be
 * identical to hosts of pools with the same vendor, family and model.
 */
struct fleet_kind *fleet_kind_take_host(const struct pool_host *host);

/* Returns the compared part of the first equal one, and frees this one. */
const struct drift_host *fleet_kind_keep(struct fleet *f, struct fleet_kind *kind);

/* The setup options of a report.  digest: of their text. */
struct fleet_setup {
	struct option_host host;
	uint8_t digest[POOL_DIGEST];
};

/* Returns false if there is no memory. */
bool fleet_setup_take(struct fleet_setup *s, const struct report *r);

/* Returns the first equal one, and takes this one or frees it. */
const struct option_host *fleet_setup_keep(struct fleet *f, struct fleet_setup *s);

/* Returns true if two struct drifter do not differ; a visit_same. */
visit_same fleet_identical;

/* Sets group and cluster of all hosts, and links them. */
void fleet_group(struct fleet *f);

/* Frees what was kept. */
void fleet_group_free(struct fleet *f);

#endif
