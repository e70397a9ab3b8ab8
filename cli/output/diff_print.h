/* SPDX-License-Identifier: MIT */
/*
 * diff_print.h - finds in what two hosts differ, and prints it.
 */
#ifndef DIFF_PRINT_H
#define DIFF_PRINT_H

#include "compare/drift.h"
#include "mask/mask_bits.h"
#include "output/caveats.h"
#include "output/drift_setup.h"

/*
 * The name of a host, or of a file with several, and what is compared of it.  Only a report says
 * more than bounds.
 */
struct diff_side {
	char name[PRINTABLE_MAX];
	size_t hosts; /* it has a feature if all of them have it */
	size_t kinds; /* of processors; the same */
	struct drift_host host;
	struct option_host setup;
	bool report;
	struct caveat caveat; /* of a report */
};

/* The groups of differences, in the order of printing. */
enum diff_group {
	DIFF_ONLY_FIRST,
	DIFF_ONLY_SECOND,
	DIFF_UNSEEN,
	DIFF_NUMBERS,
	DIFF_EXPECTED,
	DIFF_GROUPS
};

/* Two hosts and what follows from them.  About 200 kibibytes. */
struct diff {
	struct diff_side side[2];
	bool all; /* also expected differences */
	/* The setup options of both, as drift_setup.h wants them. */
	struct fleet fleet;
	struct drifter *at[2];
	struct drift_setup setup;
	/* Both together, as mask.h wants them, and what a guest can use on each alone. */
	struct merge merge;
	struct cpuid_set baseline, alone[2];
	struct mask mask;
};

/*
 * Compares d->side, which are set.  Returns false if both together have too many leaves.  diff_end
 * frees what it allocates, also then.
 */
bool diff_start(struct diff *d);
void diff_end(struct diff *d);

/* Moves to the next difference of a group.  Returns false if there is none. */
bool diff_next(struct differ *next, const struct diff *d, enum diff_group group);

/*
 * Moves *id, at first F_NONE, to the next feature that both hosts have, and a guest of one cannot
 * use on the other.  *ret_need is a need that is missing, or F_NONE: another layout.
 */
bool diff_next_lost(enum feature_id *id, const struct diff *d, enum feature_id *ret_need);

/* Moves to the next feature that the firmware of only one host has switched off. */
bool diff_next_switch(struct drift *next, const struct diff *d);

/* Returns true if the hosts differ in more than what is expected. */
bool diff_any(const struct diff *d);

void diff_print(const struct diff *d);
void diff_json(const struct diff *d, int exit_status);
void diff_csv(const struct diff *d);

#endif
