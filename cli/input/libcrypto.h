/* SPDX-License-Identifier: MIT */
/*
 * libcrypto.h - OpenSSL's libcrypto, loaded when the first signature of a TPM is checked.
 *
 * Loading it was a third of the instructions of a mask of two hosts.
 */
#ifndef LIBCRYPTO_H
#define LIBCRYPTO_H

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509_vfy.h>
#include <stdbool.h>

/* The functions of libcrypto that are called, by its own names. */
#define LIBCRYPTO_FUNCTIONS(F)               \
	F(BN_bin2bn)                         \
	F(BN_free)                           \
	F(CRYPTO_free)                       \
	F(CRYPTO_memdup)                     \
	F(ECDSA_SIG_free)                    \
	F(ECDSA_SIG_new)                     \
	F(ECDSA_SIG_set0)                    \
	F(EVP_CIPHER_CTX_free)               \
	F(EVP_CIPHER_CTX_new)                \
	F(EVP_Digest)                        \
	F(EVP_DigestVerify)                  \
	F(EVP_DigestVerifyInit)              \
	F(EVP_EncryptInit_ex)                \
	F(EVP_EncryptUpdate)                 \
	F(EVP_MD_CTX_free)                   \
	F(EVP_MD_CTX_new)                    \
	F(EVP_PKEY_CTX_free)                 \
	F(EVP_PKEY_CTX_new)                  \
	F(EVP_PKEY_CTX_new_from_name)        \
	F(EVP_PKEY_CTX_set0_rsa_oaep_label)  \
	F(EVP_PKEY_CTX_set_rsa_oaep_md)      \
	F(EVP_PKEY_CTX_set_rsa_padding)      \
	F(EVP_PKEY_encrypt)                  \
	F(EVP_PKEY_encrypt_init)             \
	F(EVP_PKEY_free)                     \
	F(EVP_PKEY_fromdata)                 \
	F(EVP_PKEY_fromdata_init)            \
	F(EVP_PKEY_get_size)                 \
	F(EVP_PKEY_is_a)                     \
	F(EVP_aes_128_cfb128)                \
	F(EVP_sha1)                          \
	F(EVP_sha256)                        \
	F(EVP_sha384)                        \
	F(EVP_sha512)                        \
	F(HMAC)                              \
	F(OSSL_PARAM_construct_end)          \
	F(OSSL_PARAM_construct_octet_string) \
	F(OSSL_PARAM_construct_utf8_string)  \
	F(RAND_bytes)                        \
	F(X509_NAME_oneline)                 \
	F(X509_STORE_CTX_free)               \
	F(X509_STORE_CTX_init)               \
	F(X509_STORE_CTX_new)                \
	F(X509_STORE_CTX_set_flags)          \
	F(X509_STORE_free)                   \
	F(X509_STORE_load_file)              \
	F(X509_STORE_new)                    \
	F(X509_free)                         \
	F(X509_get0_pubkey)                  \
	F(X509_get_issuer_name)              \
	F(X509_get_subject_name)             \
	F(X509_verify_cert)                  \
	F(d2i_X509)                          \
	F(i2d_ECDSA_SIG)                     \
	F(i2d_X509)

struct libcrypto {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): it declares a member */
#define FUNCTION(name) __typeof__(name) *name;
	LIBCRYPTO_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

/* To be called before the functions are.  Returns false after a message if there is no libcrypto.
 */
bool libcrypto_load(void);

extern struct libcrypto libcrypto;

#endif
