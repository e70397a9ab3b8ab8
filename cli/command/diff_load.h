/* SPDX-License-Identifier: MIT */
/*
 * diff_load.h - the two sides of diff: hosts, or what several hosts of a pool or a folder share.
 *
 * Two reports are compared in all that they say.  A pool has leaves only, without the bits that do
 * not describe a machine; beside one a report is read as a pool too, so that both have the same.
 */
#ifndef DIFF_LOAD_H
#define DIFF_LOAD_H

#include "input/inputs.h"
#include "output/diff_print.h"

/* True for a path that can only be one host: it is no pool, folder or standard input. */
bool diff_is_one(const char *path, const struct trust *trust);

/*
 * Sets d->side from two files, pools or folders, or from one that has two hosts.  in has the trust,
 * and notes what was left out.  Returns false after a message.
 */
bool diff_load(struct diff *d, struct inputs *in, const char *const *path, size_t count);

#endif
