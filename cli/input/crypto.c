/* SPDX-License-Identifier: MIT */
#include "input/crypto.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

static void initialize(void)
{
	if (sodium_init() < 0) {
		fprintf(stderr, "cpulevel: cannot initialize libsodium\n");
		exit(EXIT_TROUBLE);
	}
}

/* libsodium's own check takes a lock each time. */
static void start(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, initialize);
}

bool ed25519_sign(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                  const uint8_t key[static SEAL_SECRET])
{
	start();
	return crypto_sign_ed25519_detached(signature, NULL, message, size, key) == 0;
}

bool ed25519_verify(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                    size_t size, const uint8_t key[static SEAL_PUBLIC])
{
	start();
	return crypto_sign_ed25519_verify_detached(signature, message, size, key) == 0;
}

void crypto_make_key(struct seal_secret *secret)
{
	uint8_t public[SEAL_PUBLIC];

	start();
	crypto_sign_ed25519_keypair(public, secret->key);
	randombytes_buf(secret->number, sizeof(secret->number));
}

void crypto_checksum(const struct seal_secret *secret, uint8_t checksum[static SEAL_CHECKSUM])
{
	crypto_generichash_state state;

	start();
	crypto_generichash_init(&state, NULL, 0, SEAL_CHECKSUM);
	crypto_generichash_update(&state, (const uint8_t *)"Ed", 2);
	crypto_generichash_update(&state, secret->number, sizeof(secret->number));
	crypto_generichash_update(&state, secret->key, sizeof(secret->key));
	crypto_generichash_final(&state, checksum, SEAL_CHECKSUM);
}

void crypto_digest(const void *at, size_t size, uint8_t digest[static POOL_DIGEST])
{
	start();
	crypto_generichash(digest, POOL_DIGEST, at, size, NULL, 0);
}

void crypto_sha256(uint8_t digest[static TPM_SHA256], const uint8_t *at, size_t size)
{
	start();
	crypto_hash_sha256(digest, at, size);
}

void crypto_wipe(void *at, size_t size)
{
	sodium_memzero(at, size);
}
