/* SPDX-License-Identifier: MIT */
/*
 * explain_worst.h - the hosts without which the baseline of a pool would gain most.
 */
#ifndef EXPLAIN_WORST_H
#define EXPLAIN_WORST_H

#include "fleet/explain.h"

/* Takes which hosts are left out, and the baseline of the others. */
typedef void explain_worst_say(void *ctx, const struct explained *e, const bool *without,
                               const struct cpuid_set *baseline);

/* Says without which hosts the baseline would gain most, one after the other, so many. */
void explain_worst(const struct explained *e, unsigned worst, explain_worst_say *say, void *ctx);

#endif
