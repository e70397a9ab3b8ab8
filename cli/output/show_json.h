/* SPDX-License-Identifier: MIT */
/*
 * show_json.h - what show --json says of a report or a pool: docs/schema/show.json.
 */
#ifndef SHOW_JSON_H
#define SHOW_JSON_H

#include "fleet/pool.h"
#include "output/document.h"
#include "report/report.h"

/* Adds what is known of a machine; leaves: all registers too. */
void show_json_report(json_t *document, const struct report *r, bool leaves);

/* Adds the hosts of a pool, and what a guest can use on all of them. */
void show_json_pool(json_t *document, const struct pool *pool, const struct cpuid_set *baseline,
                    bool leaves);

/* Adds the members of one processor: what glance.h has in words. */
void show_json_processor(json_t *object, const struct report_kind *k, const struct cpuid_set *set);

/* Adds the features of a set by group, and its registers. */
void show_json_features(json_t *object, const struct cpuid_set *set);
void show_json_leaves(json_t *object, const struct cpuid_set *set);

#endif
