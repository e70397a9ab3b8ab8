/* SPDX-License-Identifier: MIT */
/*
 * remote.h - reads files from where the firmware loaded the probe over the network.
 *
 * HTTP Boot: the same folder of the same server, by HTTP.  PXE: the same folder, by TFTP.
 */
#ifndef REMOTE_H
#define REMOTE_H

#include "base/text.h"
#include "network.h"

#define REMOTE_CLAUSE_MAX 127

/*
 * Reads a file into the empty text.  EFI_NOT_FOUND: there is none, or the probe was not loaded over
 * the network.  EFI_SECURITY_VIOLATION: a secret would come over a network that others may read;
 * nothing was asked for.  Sets clause to what another failure means, if files_clause does not say
 * it.
 */
EFI_STATUS remote_read(const char *name, bool secret, struct text *into, const struct firmware *fw,
                       struct network *net, char clause[static REMOTE_CLAUSE_MAX + 1]);

#endif
