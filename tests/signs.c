/* SPDX-License-Identifier: MIT */
/*
 * signs.c - holds the probe's Ed25519, its very objects, against the libsodium of this machine.
 *
 * Ed25519 leaves no choice: for one key and one message there is one signature.  So both must make
 * the same bytes, and each must refuse what the other refuses.  The messages come from a counter
 * through a hash, so a run can be repeated.
 * Exit status: 0 no difference, 1 a difference.
 */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "sign.h"

#define ROUNDS      2000
#define MESSAGE_MAX 600

struct round {
	uint8_t message[MESSAGE_MAX];
	size_t size;
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	uint32_t flip;
};

static void round_make(struct round *r, uint32_t number)
{
	uint8_t seed[randombytes_SEEDBYTES] = { 0 };

	memcpy(seed, &number, sizeof(number));
	randombytes_buf_deterministic(r->message, sizeof(r->message), seed);
	memcpy(&r->flip, r->message, sizeof(r->flip));
	r->size = number % MESSAGE_MAX;
	crypto_sign_seed_keypair(r->public, r->secret, r->message + MESSAGE_MAX - 32);
}

/* A bit of the signature, the message or the public key is turned round. */
static void spoil(struct round *r, uint8_t signature[static SEAL_SIGNATURE])
{
	const uint32_t bit = r->flip % ((SEAL_SIGNATURE + SEAL_PUBLIC + (uint32_t)r->size) * 8);
	const uint32_t at = bit / 8;
	const uint8_t mask = (uint8_t)(1U << bit % 8);

	if (at < SEAL_SIGNATURE)
		signature[at] ^= mask;
	else if (at < SEAL_SIGNATURE + SEAL_PUBLIC)
		r->public[at - SEAL_SIGNATURE] ^= mask;
	else
		r->message[at - SEAL_SIGNATURE - SEAL_PUBLIC] ^= mask;
}

static const char *round_fails(struct round *r)
{
	uint8_t ours[SEAL_SIGNATURE], theirs[SEAL_SIGNATURE];

	if (!sign_make(ours, r->message, r->size, r->secret))
		return "the probe does not sign";
	crypto_sign_detached(theirs, NULL, r->message, r->size, r->secret);
	if (memcmp(ours, theirs, sizeof(ours)) != 0)
		return "the signatures differ";
	if (!sign_check(theirs, r->message, r->size, r->public))
		return "the probe refuses a good signature";
	spoil(r, theirs);
	if (crypto_sign_verify_detached(theirs, r->message, r->size, r->public) == 0)
		return "libsodium accepts a spoilt signature";
	if (sign_check(theirs, r->message, r->size, r->public))
		return "the probe accepts a spoilt signature";
	return NULL;
}

int main(void)
{
	struct round r;

	if (sodium_init() < 0)
		return 1;
	for (uint32_t i = 0; i < ROUNDS; i++) {
		round_make(&r, i);
		const char *cause = round_fails(&r);
		if (cause) {
			printf("round %u: %s\n", (unsigned)i, cause);
			return 1;
		}
	}
	return 0;
}
