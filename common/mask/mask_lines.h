/* SPDX-License-Identifier: MIT */
/*
 * mask_lines.h - the lines of a mask: what each says of what a guest sees.
 *
 * A line is for a register, bit by bit, or for a capability by its name (featMask).
 * Questions about a feature look at both.
 */
#ifndef MASK_LINES_H
#define MASK_LINES_H

#include "cpuid/place.h"
#include "fleet/intern.h"
#include "mask/mask_named.h"

#define MASK_BITS 32

/* The suffix of a key.  VMware uses the key with its host's suffix if there is one. */
enum mask_vendor { MASK_ANY, MASK_AMD, MASK_INTEL, MASK_VENDORS };

struct mask_line {
	struct place at; /* a register; subleaf 0 if the key names none */
	enum mask_vendor vendor;
	bool numbered;       /* the key names the subleaf */
	bool padded;         /* a number of the key has leading zeros */
	size_t line;         /* of the file, from 1 */
	size_t width;        /* number of characters; MASK_BITS + 1 means more than MASK_BITS */
	struct where end;    /* where the mask ends, or the place of its character 33 */
	char bit[MASK_BITS]; /* bit[n] is for bit n: one of 01-XHRTF; all '-' if width is wrong */
	size_t first, next;  /* of the lines with this register and suffix, by index; 0: no next */
};

/* cpuid.brandString, cpuid.family, cpuid.model and cpuid.stepping are settings of VMware's own. */
#define MASK_SETTING_MAX 47 /* characters: VMware keeps so many of a brand string */

struct mask_setting {
	const char *name; /* "brand string" */
	char value[MASK_SETTING_MAX + 1];
	size_t line;
};

/* What all lines together say of a feature. */
struct mask_said {
	bool named;         /* a featMask line has its capability */
	bool hidden, shown; /* whatever the host has; shown: some of its bits */
};

struct mask_lines {
	size_t count;
	struct mask_line *at; /* the register lines, allocated: mask_lines_free */
	size_t names;
	struct mask_named *name; /* the featMask lines, allocated too */
	size_t settings;
	struct mask_setting *setting; /* allocated too */
	size_t complete;              /* the line of completeMasks = TRUE; 0: there is none */
	unsigned hw;                  /* virtualHW.version; 0: not in the file */
	/* Set by mask_lines_link, with first and next of register lines: */
	struct mask_said said[F_COUNT];
	uint32_t last[2];          /* what mask_lines_last returns of 0 and of 80000000H */
	struct intern by_register; /* the first line of each register and suffix */
	struct intern by_name;     /* the first featMask line of each name */
};

/*
 * Adds a featMask line of this name, at most MASK_NAME_MAX bytes; the caller sets value, host and
 * line.  Returns NULL if there is no memory.
 */
struct mask_named *mask_lines_add_name(struct mask_lines *lines, const char *name, size_t size);

/*
 * Finds out what a reader's lines say together, once for all questions about them.  Returns false
 * if there is no memory.
 */
bool mask_lines_link(struct mask_lines *lines);

/* Frees what a reader allocated, also after a failure. */
void mask_lines_free(struct mask_lines *lines);

/* Return the bits that a guest sees as 0 (0, F, R) or as 1 (1, T), whatever the host has. */
uint32_t mask_line_hidden(const struct mask_line *l);
uint32_t mask_line_forced(const struct mask_line *l);

/*
 * Returns how many lines say something of CPUID.  The others name what is unknown or no part of it.
 */
size_t mask_lines_understood(const struct mask_lines *lines);

/*
 * True if completeMasks is set and no line names the capability of a feature: the guest does not
 * see it.
 */
bool mask_lines_omit(const struct mask_lines *lines, enum feature_id id);

/*
 * True if a line sets a part of the vendor, of the brand string or of the signature, which are not
 * features: bits of two such lines make no sense together.
 */
bool mask_line_spoofs(const struct mask_line *l);

/*
 * Returns the first line before *l that is for the same register and suffix, as cpuid.d.eax and
 * CPUID.D.0.EAX are, or NULL.
 */
const struct mask_line *mask_line_earlier(const struct mask_lines *lines,
                                          const struct mask_line *l);

/* Returns the first line for a register and suffix, or NULL; and the next for the same, or NULL. */
const struct mask_line *mask_line_first(const struct mask_lines *lines, const struct place *at,
                                        enum mask_vendor vendor);
const struct mask_line *mask_line_next(const struct mask_lines *lines, const struct mask_line *l);

/* Returns the first featMask line before *n that has the same name in any case, or NULL. */
const struct mask_named *mask_named_earlier(const struct mask_lines *lines,
                                            const struct mask_named *n);

/*
 * True if a guest never sees a feature, on hosts of any vendor: a register line hides all of its
 * bits, a featMask line does, completeMasks omits it, or mask_lines_above.
 */
bool mask_lines_hide(const struct mask_lines *lines, enum feature_id id);

/* True if the leaf of a feature is above the highest one that a guest can see. */
bool mask_lines_above(const struct mask_lines *lines, enum feature_id id);

/*
 * Returns the highest leaf that a guest can see of a range, 0 or 80000000H: what leaf 0 EAX or
 * 80000000H EAX can be, or a featMask line for them.
 */
uint32_t mask_lines_last(const struct mask_lines *lines, uint32_t range);

#endif
