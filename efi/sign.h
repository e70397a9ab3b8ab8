/* SPDX-License-Identifier: MIT */
/*
 * sign.h - Ed25519, SHA-256 and SHA-512 in firmware.  Only sign.c calls libsodium.
 */
#ifndef SIGN_H
#define SIGN_H

#include "report/seal.h"

/* Signs; a seal_sign (report/seal.h). */
bool sign_make(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
               const uint8_t key[static SEAL_SECRET]);

/* Verifies; a seal_verify. */
bool sign_check(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                const uint8_t key[static SEAL_PUBLIC]);

/* Computes the SHA-256 of size bytes; an attest_sha256 (tpm/attest.h). */
void sign_sha256(uint8_t digest[static 32], const uint8_t *at, size_t size);

/* The SHA-512 of bytes that come in parts. */
#define SIGN_SHA512 64
struct sign_sha512 {
	uint64_t state[32];
};
void sign_sha512_start(struct sign_sha512 *s);
void sign_sha512_add(struct sign_sha512 *s, const uint8_t *at, size_t size);
void sign_sha512_end(struct sign_sha512 *s, uint8_t digest[static SIGN_SHA512]);

/* Overwrites a secret with zeros; the compiler does not optimize it away. */
void sign_wipe(void *at, size_t size);

#endif
