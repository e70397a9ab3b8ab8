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

/* A report and the files beside it. */
enum home_part {
	HOME_REPORT,
	HOME_SEAL,
	HOME_TPM,
	HOME_SETUP,
	HOME_SETUP_SEAL,
	HOME_PARTS,
};
struct home_files {
	bool known[HOME_PARTS];
	struct bytes part[HOME_PARTS]; /* zero if not known */
};

/* Returns the ending that a part's name has after the report's: "", ".minisig", ".tpm", ... */
const char *home_ending(enum home_part part);

/*
 * Puts a report and what is beside it into the folder.  If all is there already, byte for byte,
 * sets *ret_there; if a part is, writes the others.  Returns false after a message, with nothing
 * written, also if another file has one of the names.
 */
bool home_put(const char *folder, const char *name, const struct home_files *f, bool *ret_there);

/* Calls visit with path and name of each report in the folder, sorted by names. */
void home_each(const char *folder, void (*visit)(void *ctx, const char *path, const char *name),
               void *ctx);

#endif
