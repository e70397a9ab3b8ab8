/* SPDX-License-Identifier: MIT */
/*
 * credential.h - a maker's certificate of a TPM, and a challenge that only this TPM can open.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <openssl/x509.h>

#include "input/tpm_check.h"

#define CREDENTIAL_SECRET 32

/* Returns the certificate of the RSA endorsement key, for X509_free; NULL: there is none. */
X509 *credential_certificate(const struct attestation *a);

/* Sets text to the name of who the certificate is about, and of who signed it. */
void credential_names(X509 *certificate, char *text, size_t size);

/* Reads the certificates of makers from a PEM file, for X509_STORE_free.  NULL after a message. */
X509_STORE *credential_makers(const char *path);

/* Returns true if one of the makers signed the certificate, at any time. */
bool credential_by(X509 *certificate, X509_STORE *makers);

/*
 * Makes a challenge, as TPM2_MakeCredential does (TPM 2.0 Library, Part 1, section 24): the secret
 * for the TPM that has both the certificate's key and the key whose public half has this SHA-256.
 * Returns its length, 0 if the certificate's key is not RSA 2048.
 */
size_t credential_make(X509 *certificate, const uint8_t key[static TPM_KEY],
                       const uint8_t secret[static CREDENTIAL_SECRET],
                       uint8_t challenge[static TPM_CHALLENGE_MAX]);

#endif
