/* SPDX-License-Identifier: MIT */
/*
 * home.h - the folder into which reports are taken.  Nothing in it is overwritten.
 */
#ifndef HOME_H
#define HOME_H

#include "input/file.h"

/* Makes the folder if it does not exist.  Returns false after a message. */
bool home_open(const char *folder);

/* Returns true if the folder is not in the one of a stick, path.  Returns false after a message. */
bool home_apart(const char *folder, const char *path);

/*
 * Puts a report and its seal into the folder; seal NULL: there is none.  If both are there already,
 * byte for byte, sets *ret_there; if one is, writes the other.  Returns false after a message, with
 * nothing written, also if another file has one of the names.
 */
bool home_put(const char *folder, const char *name, const struct bytes *report,
              const struct bytes *seal, bool *ret_there);

/* Calls visit with path and name of each report in the folder, sorted by names. */
void home_each(const char *folder, void (*visit)(void *ctx, const char *path, const char *name),
               void *ctx);

#endif
