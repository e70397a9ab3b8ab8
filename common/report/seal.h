/* SPDX-License-Identifier: MIT */
/*
 * seal.h - writes and reads seals and keys in minisign's format.
 *
 * A seal is a minisign signature file of the legacy kind ("Ed"): an Ed25519 signature of the
 * sealed bytes, and one of that signature and a trusted comment
 * (https://jedisct1.github.io/minisign/).  The caller passes libsodium's functions, because
 * firmware links libsodium in another way.
 */
#ifndef SEAL_H
#define SEAL_H

#include "base/err.h"
#include "base/text.h"

#define SEAL_NUMBER      8
#define SEAL_SECRET      64 /* libsodium's: seed, then public key */
#define SEAL_PUBLIC      32
#define SEAL_SIGNATURE   64
#define SEAL_CHECKSUM    32    /* BLAKE2b-256 over "Ed", key number and secret key */
#define SEAL_COMMENT_MAX 8192  /* bytes of a trusted comment, NUL not counted; as in minisign */
#define SEAL_TEXT_MAX    10240 /* bytes; no seal and no key file is longer */

struct seal_secret {
	uint8_t number[SEAL_NUMBER];
	uint8_t key[SEAL_SECRET];
};

struct seal_public {
	uint8_t number[SEAL_NUMBER];
	uint8_t key[SEAL_PUBLIC];
};

/* Ed25519, as libsodium's crypto_sign_ed25519_detached and ..._verify_detached do it. */
typedef bool seal_sign(uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                       size_t size, const uint8_t key[static SEAL_SECRET]);
typedef bool seal_verify(const uint8_t signature[static SEAL_SIGNATURE], const uint8_t *message,
                         size_t size, const uint8_t key[static SEAL_PUBLIC]);

/*
 * Sets string to a key number as minisign prints it, but with leading zeros: the eight bytes as a
 * little-endian number, 16 upper-case hexadecimal digits.
 */
void seal_number(const uint8_t number[static SEAL_NUMBER], char string[static 17]);

/* Reads an unencrypted secret key file, as minisign -G -W writes it.  Its checksum is not checked.
 */
enum err seal_secret_read(struct seal_secret *secret, const char *text, size_t size);

/*
 * Returns true if such a file has this checksum, which the caller computes, or zeros, as minisign
 * -G -W writes.
 */
bool seal_secret_sum(const char *text, size_t size, const uint8_t checksum[static SEAL_CHECKSUM]);

/* Appends such a file; the caller computes the checksum. */
void seal_secret_write(struct text *t, const struct seal_secret *secret,
                       const uint8_t checksum[static SEAL_CHECKSUM]);

/* Reads a public key file of minisign or signify. */
enum err seal_public_read(struct seal_public *public, const char *text, size_t size);

/* Appends such a file. */
void seal_public_write(struct text *t, const struct seal_public *public);

/* Sets *public to the public half of a secret key. */
void seal_public_of(struct seal_public *public, const struct seal_secret *secret);

/*
 * Appends the seal of size bytes at message.  comment must be printable ASCII, at most
 * SEAL_COMMENT_MAX bytes.  ERR_KEY_BROKEN: the new signatures do not verify with the public half,
 * so the key is damaged; nothing is appended.
 */
enum err seal_write(struct text *t, const struct seal_secret *secret, seal_sign *sign,
                    seal_verify *verify, const void *message, size_t size, const char *comment);

/*
 * Checks the seal at text: is it one of size bytes at message, by one of count trusted keys?  On
 * success *ret_key is the key that signed and ret_comment the trusted comment.  ERR_WRONG_KEY: no
 * key has the seal's number, which is then in reterr_number.
 */
enum err seal_check(const char *text, size_t text_size, const void *message, size_t size,
                    const struct seal_public *keys, size_t count, seal_verify *verify,
                    const struct seal_public **ret_key,
                    char ret_comment[static SEAL_COMMENT_MAX + 1],
                    uint8_t reterr_number[static SEAL_NUMBER]);

#endif
