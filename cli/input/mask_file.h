/* SPDX-License-Identifier: MIT */
/*
 * mask_file.h - reads files of VMware masks.
 */
#ifndef MASK_FILE_H
#define MASK_FILE_H

#include "mask/mask_lines.h"

/*
 * Reads the masks of a file into *lines, which is zeroed or holds those of another file.  Returns
 * false after a message, also if nothing in it is understood.  any_width: accept masks that do not
 * have 32 characters.
 */
bool mask_file_read(const char *path, bool any_width, struct mask_lines *lines);

#endif
