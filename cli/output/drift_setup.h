/* SPDX-License-Identifier: MIT */
/*
 * drift_setup.h - the setup options of a group of hosts that should be identical.
 */
#ifndef DRIFT_SETUP_H
#define DRIFT_SETUP_H

#include "output/drift_print.h"
#include "output/option_print.h"

struct drift_setup {
	const struct fleet *fleet;
	struct options options;
	const struct option_host **host; /* allocated, as the next two */
	size_t *of;                      /* the index in fleet of each host */
	uint8_t *side;
	const char *here, *there; /* names for messages; NULL: "here", "others" */
	bool unlike;              /* the hosts are of several models */
	size_t known;             /* hosts whose reports have setup options */
};

/* Takes the hosts of the group that begins at first.  drift_setup_free frees *s. */
void drift_setup_start(struct drift_setup *s, const struct fleet *f, size_t first);
void drift_setup_free(struct drift_setup *s);

/* From now on a cluster is "here", and all other hosts of the group are "others". */
void drift_setup_sides(struct drift_setup *s, size_t cluster);

/* Returns the sides, for option_causes. */
struct option_sides drift_setup_compared(const struct drift_setup *s);

/* Prints the options of a feature as option_print_causes does. */
bool drift_setup_causes(const struct drift_setup *s, int indent, enum feature_id id);

/* Returns true if all of setup is the same on two hosts of one model, so that it is no cause. */
bool drift_setup_same(const struct drift_setup *s, size_t a, size_t b);

/* If so, says it. */
void drift_setup_no_cause(const struct drift_setup *s, size_t a, size_t b);

/*
 * Returns true if setups of one model and BIOS version differ, by their digests.  Each is compared
 * with the one before.
 */
bool drift_setup_digests_differ(const struct drift_setup *s);

/*
 * Names the hosts whose setup is not known.  If no listed option differs, says whether something
 * else in setup does.
 */
void drift_setup_more(const struct drift_setup *s, bool none_listed);

/*
 * Names the options in which the group differs, and says if something else in setup differs: after
 * a heading, if there is anything to say.
 */
void drift_setup_rest(const struct drift_setup *s, const char *heading);

#endif
