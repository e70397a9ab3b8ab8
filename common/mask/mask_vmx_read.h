/* SPDX-License-Identifier: MIT */
/*
 * mask_vmx_read.h - reads the masks of a .vmx file: register lines and featMask lines.
 *
 * Lines come from web pages, mails and VMware's own dialogs, so the reader accepts many spellings:
 * keys in any case, blanks around '=' or none, quotes or none, 32 characters in one piece or
 * grouped by colons or blanks, comments after '#', CRLF, a byte order mark.
 */
#ifndef MASK_VMX_READ_H
#define MASK_VMX_READ_H

#include "base/err.h"
#include "mask/mask_lines.h"

/*
 * Reads the masks of a file, in their order and with duplicates.  Other keys are ignored, but every
 * line must be blank, a comment, or have a '='.  On failure *reterr_where is the place, and the
 * caller only frees *lines.  One failure is different: ERR_MASK_LENGTH is returned if nothing else
 * is wrong, and *lines then has all lines, also those of wrong width.
 */
enum err mask_vmx_read(struct mask_lines *lines, const char *text, size_t size,
                       struct where *reterr_where);

#endif
