/* SPDX-License-Identifier: MIT */
/*
 * sign.h - Ed25519 in firmware: the only door to libsodium.
 */
#ifndef SIGN_H
#define SIGN_H

#include "report/seal.h"

/* A seal_sign and a seal_verify. */
bool sign_make(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
               const uint8_t key[static SEAL_SECRET]);
bool sign_check(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                const uint8_t key[static SEAL_PUBLIC]);

/* Overwrites a secret in a way that the compiler does not leave out. */
void sign_wipe(void *at, size_t size);

#endif
