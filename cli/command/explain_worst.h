/* SPDX-License-Identifier: MIT */
/*
 * explain_worst.h - the hosts without which the baseline of a pool would gain most.
 */
#ifndef EXPLAIN_WORST_H
#define EXPLAIN_WORST_H

#include "fleet/explain.h"

/* Prints what the baseline would gain without the worst hosts, one after the other, so many. */
void explain_worst_print(const struct explained *e, unsigned worst);

#endif
