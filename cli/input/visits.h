/* SPDX-License-Identifier: MIT */
/*
 * visits.h - counts a machine once, with its latest report, and says which reports that replaces.
 */
#ifndef VISITS_H
#define VISITS_H

#include "fleet/pool.h"

/* Sets *v from a report. */
void visits_describe(struct visit *v, const struct report *r);

/*
 * Judges v[count] as visit_judge does.  Names on standard error the reports that do not count, the
 * doubtful ones, and the machines that claim one number.
 */
void visits_judge(struct visitor *v, size_t count, visit_same *same);

/* Drops from a pool the reports that later ones of the same machine replace, and names them. */
void visits_settle(struct pool *pool);

/* Forgets which machine each host is, so that no report is ever replaced (--all-visits). */
void visits_keep(struct pool *pool);

#endif
