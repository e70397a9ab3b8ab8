/* SPDX-License-Identifier: MIT */
/*
 * beside.h - reads the files that belong to the probe, wherever it came from: the folder \cpulevel
 * of the stick or, without one, where the firmware loaded it from over the network.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include "files.h"
#include "remote.h"

struct beside {
	const struct firmware *fw;
	const struct volume *stick; /* may be closed */
	struct network *net;
};

/*
 * Reads a file into buffer[size] and sets *ret_size to its length; statuses are those of file_read
 * and remote_read.  After a failure clause says what it means.
 */
EFI_STATUS beside_read(const struct beside *b, const char *name, bool secret, char *buffer,
                       UINTN size, UINTN *ret_size, char clause[static REMOTE_CLAUSE_MAX + 1]);

#endif
