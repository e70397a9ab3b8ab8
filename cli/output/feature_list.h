/* SPDX-License-Identifier: MIT */
/*
 * feature_list.h - the features of a machine by group, with a sentence each.
 */
#ifndef FEATURE_LIST_H
#define FEATURE_LIST_H

#include "report/report.h"
#include "table/feature_group.h"

/* The features that a set has, and the set bits that the table does not know. */
struct feature_list {
	bool has[F_COUNT];
	size_t unnamed; /* how many of these there are */
	struct place unnamed_at[64];
};

/*
 * Fills a list from a set that has the registers which list features. A bit that repeats another
 * one that is set is left out, as are bits that describe something else.
 */
void feature_list_take(struct feature_list *list, const struct cpuid_set *set);

/* Takes out of one list what is not in another, or what is. */
void feature_list_keep(struct feature_list *list, const struct feature_list *other);
void feature_list_drop(struct feature_list *list, const struct feature_list *other);

/* Prints the features of a set, and nothing of the others. */
void feature_list_print(const struct feature_list *list);

/*
 * Prints the features of a report: those of all processors, then those that only some have, with
 * the numbers of these processors.
 */
void feature_list_print_report(const struct report *r);

#endif
