/* SPDX-License-Identifier: MIT */
/*
 * tpm_key.h - the keys that a TPM is asked to make.
 *
 * From the same template a TPM makes the same key each time, until it is cleared.
 */
#ifndef TPM_KEY_H
#define TPM_KEY_H

#include "tpm/tpm_wire.h"

/* Appends the template of a key, a TPM2B_PUBLIC. */
typedef void tpm_key(struct tpm_command *c);

/* The key that signs quotes and nothing else: ECDSA with P-256 and SHA-256. */
tpm_key tpm_key_signing;

/*
 * The endorsement key, which a maker's certificate is about: template L-1 of the TCG EK Credential
 * Profile 2.5, section B.3.3.  Its policy is PolicySecret(TPM_RH_ENDORSEMENT).
 */
tpm_key tpm_key_endorsement;

#endif
