/* SPDX-License-Identifier: MIT */
/*
 * explain_print.h - says of features why the baseline of a pool lacks them.
 */
#ifndef EXPLAIN_PRINT_H
#define EXPLAIN_PRINT_H

#include "fleet/explain.h"
#include "output/document.h"
#include "output/kvm_notes.h"
#include "output/option_print.h"

/* A pool, and what else is known of its hosts. */
struct explain_view {
	const struct explained *e;
	const struct options *options; /* setup options of the pool's hosts */
	uint8_t *side;                 /* room for one enum option_side a host */
	unsigned kernel;               /* of KVM */
	bool all;                      /* names all hosts, however many */
};

/* Prints why the baseline lacks, or has, what is at a place. */
void explain_print(const struct explain_view *v, const struct place *at);

/* Returns the same for a document. */
json_t *explain_json(const struct explain_view *v, const struct place *at);

/* Prints what the baseline would gain without the hosts of which without[] is true. */
void explain_print_gain(const struct explained *e, const bool *without,
                        const struct cpuid_set *baseline);
json_t *explain_json_gain(const struct explained *e, const bool *without,
                          const struct cpuid_set *baseline);

/* The word for a reason in a document. */
const char *explain_reason_word(enum reason_kind kind);

/* Returns the sides of hosts after explain_place; side: room for one of each host. */
struct option_sides explain_sides(const struct explained *e, const struct options *options,
                                  uint8_t *side);

/* Says what becomes of a feature under KVM; common: all hosts have it. */
void explain_kvm(const struct explain_view *v, enum feature_id id, bool common, kvm_notes_say *say,
                 void *ctx);

#endif
