/* SPDX-License-Identifier: MIT */
/*
 * unit.h - what the unit tests share: cmocka, recorded machines, a CPUID that replays them.
 */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A recorded machine: its answers, in any order. */
struct machine {
	const struct cpuid_leaf *at;
	size_t count;
	size_t asked; /* how many questions it was asked */
};

/* A cpuid_exec: answers from a struct machine, zeros for what it does not have. */
void replay(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS]);

/* The two hosts of the story, in the registers that it names. */
extern const struct cpuid_set story_atom; /* Atom C2750 */
extern const struct cpuid_set story_ivy;  /* Core i7-3770 */

/* A set with one more answer than *set, or one register of it changed. */
void put(struct cpuid_set *set, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg,
         uint32_t value);

/* The recorded machines: the reports in tests/data/recorded and the names of their files. */
#define RECORDED_MAX 32
extern struct report recorded[RECORDED_MAX];
extern char recorded_names[RECORDED_MAX][64];
extern size_t recorded_count;

/* A setup function of cmocka that loads them. */
int load_recorded(void **state);

/* The calls of malloc, calloc and realloc in what is linked into a unit test. */
struct allocations {
	size_t live;    /* what is allocated and not freed */
	size_t until;   /* how many succeed until one fails; SIZE_MAX: none fails */
	size_t refused; /* how many failed */
};
extern struct allocations allocations;

/* Repeatable pseudo-random numbers (xorshift32); *state must not be 0. */
uint32_t random_next(uint32_t *state);

#endif
