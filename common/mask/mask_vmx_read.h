/* SPDX-License-Identifier: MIT */
/*
 * mask_vmx_read.h - reads the register masks of a .vmx file.
 *
 * Lines come from web pages, mails and VMware's own dialogs, so the reader accepts many spellings:
 * keys in any case, blanks around '=' or none, quotes or none, 32 characters in one piece or
 * grouped by colons or blanks, comments after '#', CRLF, a byte order mark.
 */
#ifndef MASK_VMX_READ_H
#define MASK_VMX_READ_H

#include "base/err.h"
#include "cpuid/place.h"

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
};

struct mask_lines {
	size_t count;
	struct mask_line *at; /* allocated: mask_lines_free */
	size_t features;      /* number of featMask.* lines */
	unsigned hw;          /* virtualHW.version; 0: not in the file */
};

/*
 * Reads the masks of a file, in their order and with duplicates.  Other keys are ignored, but every
 * line must be blank, a comment, or have a '='.  On failure *reterr_where is the place, and the
 * caller only frees *lines.  One failure is different: ERR_MASK_LENGTH is returned if nothing else
 * is wrong, and *lines then has all lines, also those of wrong width.
 */
enum err mask_vmx_read(struct mask_lines *lines, const char *text, size_t size,
                       struct where *reterr_where);

/* Frees what mask_vmx_read allocated, also after a failure. */
void mask_lines_free(struct mask_lines *lines);

/* Return the bits that a guest sees as 0 (0, F, R) or as 1 (1, T), whatever the host has. */
uint32_t mask_line_hidden(const struct mask_line *l);
uint32_t mask_line_forced(const struct mask_line *l);

/* True if two lines have the same register and suffix: cpuid.d.eax and CPUID.D.0.EAX. */
bool mask_line_same(const struct mask_line *a, const struct mask_line *b);

/* Returns the first line before *l that is for the same register and suffix, or NULL. */
const struct mask_line *mask_line_earlier(const struct mask_lines *lines,
                                          const struct mask_line *l);

#endif
