/* SPDX-License-Identifier: MIT */
/*
 * speculation.h - which weaknesses of speculative execution a processor says it does not have, what
 * it offers against the others, and what is left for software to do.
 *
 * speculation.def is the tables.  Sets are to have the registers that list features
 * (msr_add_features); without them a lot is not known.
 */
#ifndef SPECULATION_H
#define SPECULATION_H

#include "table/feature.h"

struct weakness {
	uint16_t vendor; /* enum cpu_vendor */
	const char *name;
	uint16_t immune[3], if_has; /* enum feature_id */
	const char *remedy, *work;
};

enum weakness_state {
	WEAKNESS_OTHERS,  /* processors of this kind cannot have it */
	WEAKNESS_IMMUNE,  /* the processor says that it does not have it */
	WEAKNESS_OPEN,    /* the processor does not say so */
	WEAKNESS_UNKNOWN, /* what would say it was not read */
};

extern const struct weakness weaknesses[];
extern const size_t weaknesses_count;

enum weakness_state weakness_state(const struct weakness *w, const struct cpuid_set *set);

enum weakness_remedy { REMEDY_THERE, REMEDY_MISSING, REMEDY_UNKNOWN };

/* Returns whether a processor offers what software needs; REMEDY_THERE if it needs nothing. */
enum weakness_remedy weakness_remedy(const struct weakness *w, const struct cpuid_set *set);

/*
 * Move *next, which is 0 at first, to the next thing that a processor offers, each once, or that
 * software must know; return its name or the words, or NULL at the end.
 */
const char *speculation_control(const struct cpuid_set *set, size_t *next);
const char *speculation_caution(const struct cpuid_set *set, size_t *next);

#endif
