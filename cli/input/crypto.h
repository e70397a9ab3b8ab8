/* SPDX-License-Identifier: MIT */
/*
 * crypto.h - what seals and pools need of libsodium.
 */
#ifndef CRYPTO_H
#define CRYPTO_H

#include "fleet/pool.h"
#include "report/seal.h"
#include "tpm/tpm.h"

/* Sign and verify with Ed25519, for seal_write and seal_check. */
seal_sign ed25519_sign;
seal_verify ed25519_verify;

/* Makes a new key pair with a random key number. */
void crypto_make_key(struct seal_secret *secret);

/* Computes the checksum that minisign stores in a secret key file. */
void crypto_checksum(const struct seal_secret *secret, uint8_t checksum[static SEAL_CHECKSUM]);

/* Computes the BLAKE2b-128 of a report. */
void crypto_digest(const void *at, size_t size, uint8_t digest[static POOL_DIGEST]);

/* Computes the SHA-256 of size bytes; an attest_sha256 (tpm/attest.h). */
void crypto_sha256(uint8_t digest[static TPM_SHA256], const uint8_t *at, size_t size);

/* Overwrites a secret with zeros. */
void crypto_wipe(void *at, size_t size);

#endif
