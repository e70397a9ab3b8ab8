/* SPDX-License-Identifier: MIT */
/*
 * crypto.h - libsodium, as common/seal.h and the pool want it.
 */
#ifndef CRYPTO_H
#define CRYPTO_H

#include "fleet/pool.h"
#include "report/seal.h"

seal_verify ed25519_verify;

/* Makes a new key pair with a random number. */
void crypto_make_key(struct seal_secret *secret);

/* The checksum that minisign keeps in a secret key file. */
void crypto_checksum(const struct seal_secret *secret, uint8_t checksum[static SEAL_CHECKSUM]);

/* BLAKE2b-128 of a report. */
void crypto_digest(const void *at, size_t size, uint8_t digest[static POOL_DIGEST]);

/* Overwrites a secret with zeros. */
void crypto_wipe(void *at, size_t size);

#endif
