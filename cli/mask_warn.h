/* SPDX-License-Identifier: MIT */
/*
 * mask_warn.h - what the bits of register masks do, and which lines do nothing or harm.
 */
#ifndef MASK_WARN_H
#define MASK_WARN_H

#include "mask_file.h"

/* What becomes of a bit, in the order in which it is told. */
enum mask_effect {
	MASK_HIDES,
	MASK_UNSEEN,   /* hidden, but VMware shows it to no such machine anyway */
	MASK_UNNAMED,  /* hidden, but not in the table */
	MASK_ABSENT,   /* F */
	MASK_RESERVES, /* R */
	MASK_FORCES,   /* 1 */
	MASK_DEMANDS,  /* T */
	MASK_HOSTS,    /* H */
	MASK_IGNORES,  /* X */
	MASK_NOTHING,  /* '-' */
};

/* What is explained: a file's lines, and the machine and hosts that they are for. */
struct mask_explained {
	const char *path;
	const struct mask_lines *lines;
	unsigned hw;                  /* virtual hardware version */
	const struct cpuid_set *seen; /* what any host has; NULL if that is not known */
	size_t warnings;              /* so far */
};

enum mask_effect mask_effect(const struct mask_line *l, unsigned bit, unsigned hw);

/* Prints a warning for each thing that is wrong with a line, or with all lines together. */
void mask_warn_line(struct mask_explained *e, const struct mask_line *l);
void mask_warn_needs(struct mask_explained *e);

#endif
