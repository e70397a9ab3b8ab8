/* SPDX-License-Identifier: MIT */
/*
 * mask_vmx_read.h - the register masks of a .vmx file, as people and VMware write them.
 *
 * Lines come from web pages, mails and VMware's own dialogs, so the reader takes every spelling
 * that is met: keys in any case, blanks around '=' or none, quotes or none, 32 characters in one
 * piece or in groups between colons or blanks, comments behind '#', CRLF, a byte order mark.
 */
#ifndef MASK_VMX_READ_H
#define MASK_VMX_READ_H

#include "base/err.h"
#include "cpuid/place.h"

#define MASK_BITS 32

/* The suffix of a key.  VMware looks up the key with its host's suffix first, then the plain one.
 */
enum mask_vendor { MASK_ANY, MASK_AMD, MASK_INTEL, MASK_VENDORS };

struct mask_line {
	struct place at; /* a register; subleaf 0 if the key names none */
	enum mask_vendor vendor;
	bool numbered;       /* the key names the subleaf */
	bool padded;         /* a number of the key has leading zeros */
	size_t line;         /* of the file, from 1 */
	size_t width;        /* how many characters the mask has, at most MASK_BITS + 1 */
	struct where end;    /* where it ends, or its character 33 stands */
	char bit[MASK_BITS]; /* bit[n], of 01-XHRTF, is that of bit n; all '-' if width is wrong */
};

struct mask_lines {
	size_t count;
	struct mask_line *at; /* allocated: mask_lines_free */
	size_t features;      /* lines of the other kind of mask, featMask.* */
	unsigned hw;          /* virtualHW.version, 0 if not said */
};

/*
 * Reads the masks among the lines of a file, in its order; duplicates stay.  Other keys and their
 * values are not looked at, but every line has to be blank, a comment, or have a '='.  On failure
 * the place is in *reterr_where and *lines is only to be freed; with one exception: ERR_MASK_LENGTH
 * is returned only if nothing else is wrong, and all lines are there, those of wrong width too.
 */
enum err mask_vmx_read(struct mask_lines *lines, const char *text, size_t size,
                       struct where *reterr_where);

/* Frees the lines that mask_vmx_read left, also after a failure. */
void mask_lines_free(struct mask_lines *lines);

/* The bits that a guest sees as 0 (0, F, R) or as 1 (1, T), whatever the host has. */
uint32_t mask_line_hidden(const struct mask_line *l);
uint32_t mask_line_forced(const struct mask_line *l);

/* True if two lines have the same register and suffix: cpuid.d.eax and CPUID.D.0.EAX. */
bool mask_line_same(const struct mask_line *a, const struct mask_line *b);

/* Returns the first line before *l that is for the same register and suffix, or NULL. */
const struct mask_line *mask_line_earlier(const struct mask_lines *lines,
                                          const struct mask_line *l);

#endif
