/* SPDX-License-Identifier: MIT */
/*
 * scenario.h - the visits that are posed: what the stick has, which keys are pressed, which
 * firmware it is.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "posed.h"

struct scenario {
	const char *name;
	const char *conf; /* cpulevel.conf, NULL: none */
	const char *keys;
	const char *says;     /* what a visit in which all goes well says */
	void (*before)(void); /* makes what is on the stick before, or NULL */
	void (*pose)(void);   /* changes the firmware, or NULL */
	unsigned processors;
	bool keyless; /* no stick.key */
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;

extern struct posed_volume stick, other;

/* What is on both before, and on the server. */
extern struct posed_volume stick_before, other_before;

/* The stick's keys, which the tool made. */
bool scenario_load(const char *folder);

/* Poses and carries out a visit.  fault may be NULL. */
void scenario_visit(const struct scenario *s, const struct posed_fault *fault);

#endif
