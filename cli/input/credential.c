/* SPDX-License-Identifier: MIT */
#include "input/credential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/libcrypto.h"

#define RSA_INDEX 0x01c00002 /* where the certificate of the key of template L-1 is */
#define RSA_BYTES 256
#define SEED      32
#define NAME      (2 + TPM_KEY) /* a hash's number and the hash */
#define AES_BYTES 16

X509 *credential_certificate(const struct attestation *a)
{
	for (size_t i = 0; i < a->certificates; i++) {
		const struct tpm_certificate *c = &a->certificate[i];
		const uint8_t *at = c->at;

		if (c->index == RSA_INDEX)
			return libcrypto.d2i_X509(NULL, &at, (long)c->size);
	}
	return NULL;
}

void credential_names(X509 *certificate, char *text, size_t size)
{
	char about[256] = "", by[256] = "", shown[256], shown_by[256];

	libcrypto.X509_NAME_oneline(libcrypto.X509_get_subject_name(certificate), about,
	                            sizeof(about));
	libcrypto.X509_NAME_oneline(libcrypto.X509_get_issuer_name(certificate), by, sizeof(by));
	snprintf(text, size, "certificate%s%s, by %s", *about ? " of " : "",
	         printable(shown, sizeof(shown), about), printable(shown_by, sizeof(shown_by), by));
}

X509_STORE *credential_makers(const char *path)
{
	X509_STORE *store = libcrypto.X509_STORE_new();

	if (store && libcrypto.X509_STORE_load_file(store, path) == 1)
		return store;
	trouble(path, "has no certificate of a maker in PEM");
	libcrypto.X509_STORE_free(store);
	return NULL;
}

bool credential_by(X509 *certificate, X509_STORE *makers)
{
	X509_STORE_CTX *ctx = libcrypto.X509_STORE_CTX_new();
	bool ok = false;

	/* Certificates have critical extensions of the TCG's, and chips outlive their dates. */
	if (ctx && libcrypto.X509_STORE_CTX_init(ctx, makers, certificate, NULL) == 1) {
		libcrypto.X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_IGNORE_CRITICAL |
		                                                X509_V_FLAG_NO_CHECK_TIME |
		                                                X509_V_FLAG_PARTIAL_CHAIN);
		ok = libcrypto.X509_verify_cert(ctx) == 1;
	}
	libcrypto.X509_STORE_CTX_free(ctx);
	return ok;
}

static void put(uint8_t **to, const void *at, size_t size)
{
	memcpy(*to, at, size);
	*to += size;
}

static void put_size(uint8_t **to, size_t size)
{
	const uint8_t bytes[] = { (uint8_t)(size >> 8), (uint8_t)size };

	put(to, bytes, sizeof(bytes));
}

/* The first block of KDFa (Part 1, section 11.4.10.2): enough for keys of up to 256 bits. */
static void derive(uint8_t key[static 32], const uint8_t seed[static SEED], const char *label,
                   const uint8_t *context, size_t size, size_t bits)
{
	uint8_t block[64 + NAME], *end = block;

	put_size(&end, 0);
	put_size(&end, 1);
	put(&end, label, strlen(label) + 1);
	put(&end, context, size);
	put_size(&end, 0);
	put_size(&end, bits);
	libcrypto.HMAC(libcrypto.EVP_sha256(), seed, SEED, block, (size_t)(end - block), key, NULL);
}

/* Encrypts with AES-128 in CFB mode, from zeros. */
static bool encrypt(uint8_t *out, const uint8_t *in, int size, const uint8_t key[static AES_BYTES])
{
	static const uint8_t zeros[AES_BYTES];
	EVP_CIPHER_CTX *ctx = libcrypto.EVP_CIPHER_CTX_new();
	int done = 0;
	const bool ok = ctx &&
	                libcrypto.EVP_EncryptInit_ex(ctx, libcrypto.EVP_aes_128_cfb128(), NULL, key,
	                                             zeros) == 1 &&
	                libcrypto.EVP_EncryptUpdate(ctx, out, &done, in, size) == 1 && done == size;

	libcrypto.EVP_CIPHER_CTX_free(ctx);
	return ok;
}

/* Encrypts the seed for the certificate's key, with OAEP and its label. */
static bool wrap(uint8_t out[static RSA_BYTES], const uint8_t seed[static SEED], X509 *certificate)
{
	static const char label[] = "IDENTITY";
	EVP_PKEY *key = libcrypto.X509_get0_pubkey(certificate);
	char *const copy = libcrypto.CRYPTO_memdup(label, sizeof(label), __FILE__, __LINE__);
	size_t size = RSA_BYTES;

	if (!key || !libcrypto.EVP_PKEY_is_a(key, "RSA") ||
	    libcrypto.EVP_PKEY_get_size(key) != RSA_BYTES) {
		libcrypto.CRYPTO_free(copy, __FILE__, __LINE__);
		return false;
	}
	EVP_PKEY_CTX *ctx = libcrypto.EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && copy && libcrypto.EVP_PKEY_encrypt_init(ctx) == 1 &&
	          libcrypto.EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	          libcrypto.EVP_PKEY_CTX_set_rsa_oaep_md(ctx, libcrypto.EVP_sha256()) == 1;
	/* The context owns the label from here on. */
	ok = ok && libcrypto.EVP_PKEY_CTX_set0_rsa_oaep_label(ctx, copy, sizeof(label)) == 1;
	ok = ok && libcrypto.EVP_PKEY_encrypt(ctx, out, &size, seed, SEED) == 1 &&
	     size == RSA_BYTES;
	libcrypto.EVP_PKEY_CTX_free(ctx);
	return ok;
}

size_t credential_make(X509 *certificate, const uint8_t key[static TPM_KEY],
                       const uint8_t secret[static CREDENTIAL_SECRET],
                       uint8_t challenge[static TPM_CHALLENGE_MAX])
{
	uint8_t seed[SEED], storage[32], integrity[32], mac[TPM_SHA256], wrapped[RSA_BYTES];
	uint8_t name[NAME] = { TPM_ALG_SHA256 >> 8, TPM_ALG_SHA256 };
	uint8_t plain[2 + CREDENTIAL_SECRET], sealed[sizeof(plain) + NAME], *end = plain;

	memcpy(name + 2, key, TPM_KEY);
	put_size(&end, CREDENTIAL_SECRET);
	put(&end, secret, CREDENTIAL_SECRET);
	if (libcrypto.RAND_bytes(seed, sizeof(seed)) != 1 || !wrap(wrapped, seed, certificate))
		return 0;
	derive(storage, seed, "STORAGE", name, sizeof(name), 128);
	derive(integrity, seed, "INTEGRITY", name, 0, 256);
	if (!encrypt(sealed, plain, sizeof(plain), storage))
		return 0;
	memcpy(sealed + sizeof(plain), name, sizeof(name));
	libcrypto.HMAC(libcrypto.EVP_sha256(), integrity, sizeof(integrity), sealed, sizeof(sealed),
	               mac, NULL);

	end = challenge;
	put_size(&end, 2 + sizeof(mac) + sizeof(plain));
	put_size(&end, sizeof(mac));
	put(&end, mac, sizeof(mac));
	put(&end, sealed, sizeof(plain));
	put_size(&end, sizeof(wrapped));
	put(&end, wrapped, sizeof(wrapped));
	return (size_t)(end - challenge);
}
