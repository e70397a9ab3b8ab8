/* SPDX-License-Identifier: MIT */
/*
 * option_print.h - says in the firmware's words how setup options differ between hosts.
 */
#ifndef OPTION_PRINT_H
#define OPTION_PRINT_H

#include "fleet/options.h"

/* The most bytes in a sentence about an option. */
#define OPTION_SENTENCE_MAX 8192

/* What each host of a comparison is. */
enum option_side { SIDE_NONE, SIDE_HERE, SIDE_THERE };

/* Some hosts against others: "here", "others"; or those that lack a feature and those that have it.
 */
struct option_sides {
	const struct options *options;
	const uint8_t *side;      /* enum option_side of each host of options */
	const char *here, *there; /* the name of each, if it is one host; else NULL */
	bool unlike;  /* the hosts are of several models: the processor may be the cause */
	bool lacking; /* here: hosts that lack a feature; there: that have it */
};

/* Takes a sentence about an option, whose name are the first bytes of it: so many. */
typedef void option_say(void *ctx, const char *sentence, size_t name);

/*
 * Says how the setup options of a feature are set here and there, and their defaults, a sentence
 * for each.  If they are the same, says that setup is not the cause.  Returns false if the reports
 * have no option of the feature.
 */
bool option_causes(const struct option_sides *s, enum feature_id id, option_say *say, void *ctx);

/* Prints the same, indented. */
bool option_print_causes(int indent, const struct option_sides *s, enum feature_id id);

/* Appends "Setup > Advanced > AES-NI", what may hide it, and its store if that is needed. */
void option_put_name(struct text *t, const struct setup_option *o);

/* Appends a value in words; "no value (why)". */
void option_put_value(struct text *t, const struct setup_question *q, const struct setup_value *v);

/*
 * Appends "this BIOS version's default is Disabled, 2.21.2's is Enabled", of the hosts that are on
 * a side; "the default is Disabled" if it is the same on all.  Returns true if it differs between
 * BIOS versions, and only between them.
 */
bool option_put_defaults(struct text *t, const struct option_sides *s,
                         const struct setup_option *o);

/* What else may be the cause of a difference in CPUID. */
#define OPTION_NO_CAUSE "a fuse, microcode, an MSR, or an option that the firmware does not publish"

#endif
