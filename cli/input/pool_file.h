/* SPDX-License-Identifier: MIT */
/*
 * pool_file.h - writes a pool, and the seal of the workstation that made it.
 */
#ifndef POOL_FILE_H
#define POOL_FILE_H

#include "fleet/pool.h"
#include "input/output_file.h"
#include "report/seal.h"

/*
 * Reads a secret key file without a password, to seal pools with.  Returns false after a message.
 * The caller wipes *ret_secret (crypto_wipe).
 */
bool pool_file_key(const char *path, struct seal_secret *ret_secret);

/*
 * Writes a pool to o, and its seal to FILE.minisig if secret is not NULL, first the seal.  Without
 * secret, a seal that is there already is an error: it would be taken for this pool's.  Returns
 * false after a message.
 */
bool pool_file_write(const struct output_file *o, const struct pool *pool,
                     const struct seal_secret *secret);

#endif
