/* SPDX-License-Identifier: MIT */
/*
 * mask_file.h - files of register masks, for the subcommands that read them.
 */
#ifndef MASK_FILE_H
#define MASK_FILE_H

#include "mask/mask_vmx_read.h"

/*
 * Reads the masks of a file into *lines, which is zeroed or holds those of another file.  On
 * failure the cause and its place have been said.  any_width: masks that are not 32 characters wide
 * are no failure.
 */
bool mask_file_read(const char *path, bool any_width, struct mask_lines *lines);

#endif
