/* SPDX-License-Identifier: MIT */
/*
 * libsodium's files are compiled from source with the probe's own flags (efi.mk): no stack
 * protector, no red zone, no vector registers.  The rest of libsodium needs an operating system;
 * what these files call of it is at the end of this file.
 */
#include "sign.h"

#include <private/ed25519_ref10.h>
#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_hash_sha512.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>

bool sign_make(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
               const uint8_t key[static SEAL_SECRET])
{
	return crypto_sign_ed25519_detached(signature, NULL, message, size, key) == 0;
}

bool sign_check(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message, size_t size,
                const uint8_t key[static SEAL_PUBLIC])
{
	return crypto_sign_ed25519_verify_detached(signature, message, size, key) == 0;
}

void sign_sha256(uint8_t digest[static 32], const uint8_t *at, size_t size)
{
	crypto_hash_sha256(digest, at, size);
}

_Static_assert(sizeof(crypto_hash_sha512_state) <= sizeof(struct sign_sha512) &&
                       crypto_hash_sha512_BYTES == SIGN_SHA512,
               "sign.h hides libsodium's own");

void sign_sha512_start(struct sign_sha512 *s)
{
	crypto_hash_sha512_init((crypto_hash_sha512_state *)(void *)s);
}

void sign_sha512_add(struct sign_sha512 *s, const uint8_t *at, size_t size)
{
	crypto_hash_sha512_update((crypto_hash_sha512_state *)(void *)s, at, size);
}

void sign_sha512_end(struct sign_sha512 *s, uint8_t digest[static SIGN_SHA512])
{
	crypto_hash_sha512_final((crypto_hash_sha512_state *)(void *)s, digest);
}

void sign_wipe(void *at, size_t size)
{
	volatile uint8_t *bytes = at;

	while (size--)
		bytes[size] = 0;
}

/* What libsodium's files call: */

void sign_times_base(ge25519_p3 *product, const unsigned char *scalar);

/* RFC 8032, 5.1: the base point, y = 4/5 and x even, as 32 bytes. */
static const uint8_t base_point[32] = {
	0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
	0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
};

/*
 * Replaces libsodium's ge25519_scalarmult_base, which needs a table of 30 KiB.  The function for
 * any point computes the same, also in constant time, and takes about fifty microseconds longer.
 */
void sign_times_base(ge25519_p3 *product, const unsigned char *scalar)
{
	ge25519_p3 base;

	ge25519_frombytes(&base, base_point);
	ge25519_scalarmult(product, scalar, &base);
}

/* Parameters are named as libsodium's header names them. */
void sodium_memzero(void *const pnt, const size_t len)
{
	sign_wipe(pnt, len);
}

int sodium_is_zero(const unsigned char *n, const size_t nlen)
{
	volatile unsigned char any = 0;

	for (size_t i = 0; i < nlen; i++)
		any = (unsigned char)(any | n[i]);
	return any == 0;
}

int sodium_memcmp(const void *const b1_, const void *const b2_, size_t len)
{
	const unsigned char *p = b1_, *q = b2_;
	volatile unsigned char differ = 0;

	for (size_t i = 0; i < len; i++)
		differ = (unsigned char)(differ | (p[i] ^ q[i]));
	return differ == 0 ? 0 : -1;
}
