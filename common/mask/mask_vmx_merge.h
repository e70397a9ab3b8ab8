/* SPDX-License-Identifier: MIT */
/*
 * mask_vmx_merge.h - merges masks into one that hides what any of them hides.
 *
 * Two administrators who have each made a mask for their own hosts can merge them, so that a guest
 * can migrate among all hosts.  Bit by bit:
 *
 *   0 F R   in any file gives 0, because these hide the bit from the guest
 *   1 T     gives '-', or 0 if another file hides the bit: a merged mask adds no feature
 *   - X H   gives '-': the host's bit or VMware's default stays
 *
 * featMask lines merge by their names: Max, and Val where it lowers, give Max of the smallest
 * number; Min and other Vals are left out like 1 and T.  What completeMasks omits gives Max:0.
 *
 * The result does not depend on the order or the grouping of the files.
 */
#ifndef MASK_VMX_MERGE_H
#define MASK_VMX_MERGE_H

#include "base/text.h"
#include "mask/mask_lines.h"

/* One register; the arrays are indexed by enum mask_vendor. */
struct mask_merge_register {
	struct place at;
	bool stated[MASK_VENDORS]; /* some file has a line with this suffix */
	uint32_t hide[MASK_VENDORS], force[MASK_VENDORS];
};

/* A capability, and the most that a guest sees of it. */
struct mask_merge_name {
	struct mask_capability of;
	uint64_t most;
};

struct mask_merge {
	size_t count;
	struct mask_merge_register *at; /* allocated: mask_merge_free */
	size_t names;
	struct mask_merge_name *name;       /* allocated too */
	struct intern by_register, by_name; /* where each is */
};

/* Begins without registers.  The other functions need a started *m. */
void mask_merge_start(struct mask_merge *m);
void mask_merge_free(struct mask_merge *m);

/*
 * Adds the lines of a file.  On hosts of its vendor, a line with a suffix replaces the plain line;
 * without such a line the plain one counts.  Several lines for one register are merged.  A line for
 * which mask_line_spoofs is true is left out.  Returns false if there is no memory; *m can then
 * only be freed.
 */
bool mask_merge_add(struct mask_merge *m, const struct mask_lines *lines);

/* True if mask_merge_add takes a featMask line: it lowers what a guest sees. */
bool mask_merge_takes(const struct mask_named *n);

/*
 * Hide a place, or bits of its register, on all hosts, like a plain line in a file.  Return false
 * like mask_merge_add.
 */
bool mask_merge_hide(struct mask_merge *m, const struct place *at);
bool mask_merge_hide_bits(struct mask_merge *m, const struct place *at, uint32_t bits);

/* True if a featMask line hides a feature. */
bool mask_merge_hides_name(const struct mask_merge *m, enum feature_id id);

/* True if a place is hidden on hosts for which there is no line with a suffix. */
bool mask_merge_hidden(const struct mask_merge *m, const struct place *at);

/*
 * Writes the lines in the form of mask_vmx_write, then those of mask_featmask_write.  A line with a
 * suffix is written if it differs from the plain one.  t->full: no room, or no memory.
 */
void mask_merge_write(struct text *t, const struct mask_merge *m, bool grouped);

/* Writes the key of a register in VMware's spelling: "cpuid.d.1.eax", "cpuid.1.ecx.amd". */
void mask_key_write(struct text *t, const struct place *at, enum mask_vendor vendor);

#endif
