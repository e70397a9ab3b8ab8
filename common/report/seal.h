/* SPDX-License-Identifier: MIT */
/*
 * seal.h - detached signatures and keys as minisign and signify write them.
 *
 * A seal is a minisign signature file of the legacy kind ("Ed"): Ed25519 over the sealed bytes,
 * then over that signature and a trusted comment (https://jedisct1.github.io/minisign/).  The
 * arithmetic is libsodium's and is handed in, for it is linked differently in firmware.  Key
 * numbers are shown as minisign shows them: the eight bytes as one little-endian number.
 */
#ifndef SEAL_H
#define SEAL_H

#include "base/err.h"
#include "base/text.h"

#define SEAL_NUMBER      8
#define SEAL_SECRET      64 /* libsodium's: seed, then public key */
#define SEAL_PUBLIC      32
#define SEAL_SIGNATURE   64
#define SEAL_CHECKSUM    32   /* BLAKE2b-256 over "Ed", key number and secret key */
#define SEAL_COMMENT_MAX 256  /* bytes of a comment, NUL not counted */
#define SEAL_TEXT_MAX    1024 /* bytes; no seal and no key file is longer */

struct seal_secret {
	uint8_t number[SEAL_NUMBER];
	uint8_t key[SEAL_SECRET];
};

struct seal_public {
	uint8_t number[SEAL_NUMBER];
	uint8_t key[SEAL_PUBLIC];
};

/* Ed25519 as libsodium's crypto_sign_ed25519_detached and ..._verify_detached do it. */
typedef bool seal_sign(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                       size_t size, const uint8_t key[static SEAL_SECRET]);
typedef bool seal_verify(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                         size_t size, const uint8_t key[static SEAL_PUBLIC]);

/* The key number as minisign prints it, but with leading zeros: 16 capital hexadecimal digits. */
void seal_number(const uint8_t number[static SEAL_NUMBER], char string[static 17]);

/* Read and write an unencrypted secret key file (minisign -G -W); the checksum is the caller's. */
enum err seal_secret_read(struct seal_secret *secret, const char *text, size_t size);
void seal_secret_write(struct text *t, const struct seal_secret *secret,
                       const uint8_t checksum[static SEAL_CHECKSUM]);

/* Read and write a public key file, minisign's or signify's. */
enum err seal_public_read(struct seal_public *public, const char *text, size_t size);
void seal_public_write(struct text *t, const struct seal_public *public);

/* The public half of a secret key. */
void seal_public_of(struct seal_public *public, const struct seal_secret *secret);

/*
 * Writes the seal of size bytes at message.  comment is printable ASCII.  The new signatures are
 * verified with the public half: a damaged key is ERR_KEY_BROKEN, not a seal that nobody accepts.
 */
enum err seal_write(struct text *t, const struct seal_secret *secret, seal_sign *sign,
                    seal_verify *verify, const void *message, size_t size, const char *comment);

/*
 * Checks the seal at text against size bytes at message and count trusted keys.  On success
 * *ret_key is the key that signed and ret_comment its trusted comment.  ERR_WRONG_KEY: none of the
 * keys has the seal's number, which is then in reterr_number.
 */
enum err seal_check(const char *text, size_t text_size, const void *message, size_t size,
                    const struct seal_public *keys, size_t count, seal_verify *verify,
                    const struct seal_public **ret_key,
                    char ret_comment[static SEAL_COMMENT_MAX + 1],
                    uint8_t reterr_number[static SEAL_NUMBER]);

#endif
