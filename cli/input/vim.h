/* SPDX-License-Identifier: MIT */
/*
 * vim.h - objects of the vSphere API as vim-cmd and pyVmomi print them, as JSON.
 *
 *     (vim.host.CpuIdInfo) { level = 1, vendor = <unset>, eax = "0000:0000:...", }
 */
#ifndef VIM_H
#define VIM_H

#include <jansson.h>

#include "input/file.h"

/* True if a text has such an object. */
bool vim_is(const struct bytes *b);

/* Returns the first object or list of a text.  NULL after a message. */
json_t *vim_parse(const char *path, const struct bytes *b);

#endif
