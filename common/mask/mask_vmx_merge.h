/* SPDX-License-Identifier: MIT */
/*
 * mask_vmx_merge.h - several files' register masks as one that hides what any of them hides.
 *
 * Two administrators who each levelled their own hosts put their lines together so that a guest
 * may move among all.  By bit, of what the files say of it:
 *
 *   0 F R   in any of them: 0, for one of them keeps the guest from seeing the bit
 *   1 T     '-', and 0 if another hides it: a merged mask promises nothing that a host may not have
 *   - X H   '-': nothing is said, the host's bit or VMware's default stays
 *
 * The result does not depend on the order of the files or on how they were grouped.
 */
#ifndef MASK_VMX_MERGE_H
#define MASK_VMX_MERGE_H

#include "base/text.h"
#include "mask/mask_vmx_read.h"

/* One register; the arrays are by what hosts see it: all others, AMD's, Intel's. */
struct mask_merge_register {
	struct place at;
	bool stated[MASK_VENDORS]; /* some file has a line with this suffix */
	uint32_t hide[MASK_VENDORS], force[MASK_VENDORS];
};

struct mask_merge {
	size_t count;
	struct mask_merge_register *at; /* allocated: mask_merge_free */
};

/* No registers; the other functions take what was started. */
void mask_merge_start(struct mask_merge *m);
void mask_merge_free(struct mask_merge *m);

/*
 * Adds a file's lines.  A line with a suffix takes the plain one's place on such hosts, so a file
 * without one says there what its plain line does.  Lines for one register count together.  Returns
 * false, with *m only to be freed, if there is no memory.
 */
bool mask_merge_add(struct mask_merge *m, const struct mask_lines *lines);

/*
 * Hides a place, or bits of its register, on all hosts, as a file with such a plain line would.
 * Returns false as mask_merge_add does.
 */
bool mask_merge_hide(struct mask_merge *m, const struct place *at);
bool mask_merge_hide_bits(struct mask_merge *m, const struct place *at, uint32_t bits);

/* True if a place is hidden on hosts without lines of their own. */
bool mask_merge_hidden(const struct mask_merge *m, const struct place *at);

/*
 * Writes the lines as mask_vmx_write does: 0 and '-', those without a 0 left out, in the order of
 * their text.  A line with a suffix is written if it says something else than the plain one.
 */
void mask_merge_write(struct text *t, const struct mask_merge *m, bool grouped);

/* Writes the key of a register, as VMware spells it: "cpuid.d.1.eax", "cpuid.80000001.ecx.amd". */
void mask_key_write(struct text *t, const struct place *at, enum mask_vendor vendor);

#endif
