/* SPDX-License-Identifier: MIT */
/*
 * mask_warn.h - what the lines of masks do, and which lines have no effect or do harm.
 */
#ifndef MASK_WARN_H
#define MASK_WARN_H

#include "mask/mask_lines.h"

/* What a mask does to a bit, in the order of printing. */
enum mask_effect {
	MASK_HIDES,
	MASK_UNSEEN,   /* hidden, but VMware never shows it to such a VM */
	MASK_UNNAMED,  /* hidden, but not in the table */
	MASK_ABSENT,   /* F */
	MASK_RESERVES, /* R */
	MASK_FORCES,   /* 1 */
	MASK_DEMANDS,  /* T */
	MASK_HOSTS,    /* H */
	MASK_IGNORES,  /* X */
	MASK_NOTHING,  /* '-' */
};

/* What is explained: the lines of a file, and the VM and the hosts that they are for. */
struct mask_explained {
	/* Prints a warning about a line of the file, or, for line 0, about all lines together. */
	void (*say)(const struct mask_explained *e, size_t line, const char *message);
	const char *path;
	const struct mask_lines *lines;
	unsigned hw;                  /* virtual hardware version */
	const struct cpuid_set *seen; /* what any host has; NULL: unknown */
	size_t warnings;              /* so far */
	size_t looked;                /* lines that were looked at for the next: */
	bool vendor[2][MASK_VENDORS]; /* hides a part of the vendor in leaf 0, in 80000000H */
};

/* The size of a buffer for the names of features that need another. */
#define MASK_WARN_NAMES 1024

/* Says a warning about a line, or, for line 0, about all lines together, and counts it. */
void mask_warn(struct mask_explained *e, size_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns the effect of a line on a bit, for a VM of virtual hardware version hw. */
enum mask_effect mask_effect(const struct mask_line *l, unsigned bit, unsigned hw);

/* The same for a featMask line and one of its rows. */
enum mask_effect mask_named_effect(const struct mask_named *n, enum feature_id id, unsigned hw);

/* Returns asked if it is not 0, else the hardware version of the file, else the last one. */
unsigned mask_hw_of(const struct mask_lines *lines, unsigned asked);

/* Warn of everything that is wrong with a line, or with all lines together. */
void mask_warn_line(struct mask_explained *e, const struct mask_line *l);
void mask_warn_named(struct mask_explained *e, const struct mask_named *n);
void mask_warn_needs(struct mask_explained *e);

/*
 * Without hosts it is not known if one has what needs a hidden feature: a mask hides only what its
 * own hosts have.  So that is no warning; calls note for each such feature, with " NAME..." of what
 * needs it and is not hidden.
 */
typedef void mask_note(enum feature_id hidden, const char *names);
void mask_note_needs(const struct mask_explained *e, mask_note *note);

/*
 * Warn of what is also wrong with the line in a merged mask: not that it is repeated, has no
 * effect, or forces bits.
 */
void mask_warn_merged(struct mask_explained *e, const struct mask_line *l);
void mask_warn_named_merged(struct mask_explained *e, const struct mask_named *n);

#endif
