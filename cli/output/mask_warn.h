/* SPDX-License-Identifier: MIT */
/*
 * mask_warn.h - what the bits of register masks do, and which lines do nothing or harm.
 */
#ifndef MASK_WARN_H
#define MASK_WARN_H

#include "mask/mask_vmx_read.h"

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
	/* Tells a warning of a line, or, NULL, of all lines together. */
	void (*say)(const struct mask_explained *e, const struct mask_line *l, const char *message);
	const char *path;
	const struct mask_lines *lines;
	unsigned hw;                  /* virtual hardware version */
	const struct cpuid_set *seen; /* what any host has; NULL if that is not known */
	size_t warnings;              /* so far */
};

enum mask_effect mask_effect(const struct mask_line *l, unsigned bit, unsigned hw);

/* The hardware version that was asked for, else the lines' own, else the last. */
unsigned mask_hw_of(const struct mask_lines *lines, unsigned asked);

/* Says each thing that is wrong with a line, or with all lines together. */
void mask_warn_line(struct mask_explained *e, const struct mask_line *l);
void mask_warn_needs(struct mask_explained *e);

/*
 * The part of mask_warn_line that is true of what the line becomes when it is merged: not that it
 * is there twice, says nothing, or forces bits.
 */
void mask_warn_merged(struct mask_explained *e, const struct mask_line *l);

#endif
