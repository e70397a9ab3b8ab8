/* SPDX-License-Identifier: MIT */
/*
 * level_print.h - prints the x86-64 levels, and which of them a host or a pool reaches.
 */
#ifndef LEVEL_PRINT_H
#define LEVEL_PRINT_H

#include "fleet/explain.h"
#include "table/level.h"

struct level_result {
	const struct pool *pool; /* NULL: only what levels need */
	unsigned asked;          /* up to this level, 1 to LEVELS */
	unsigned reached;        /* 0: none */
	const uint8_t *has;      /* enum host_has of each row of level_features; allocated */
};

/* Judges the hosts of a pool.  level_free frees *r. */
void level_judge(struct level_result *r, const struct pool *pool, const struct cpuid_set *baseline);
void level_free(struct level_result *r);

/* Whether a level is reached: HOST_LACKS: no; HOST_UNKNOWN: reports do not say; HOST_HAS: yes. */
enum host_has level_reached(const struct level_result *r, unsigned level);

void level_print(const struct level_result *r);
void level_json(const struct level_result *r, int exit_status);
void level_csv(const struct level_result *r);

#endif
