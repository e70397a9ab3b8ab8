/* SPDX-License-Identifier: MIT */
/*
 * tpm.h - numbers and limits of a TPM 2.0.
 *
 * Names and numbers are those of the Trusted Platform Module 2.0 Library, Part 2: Structures, and
 * Part 3: Commands, revision 1.59; the lower-case ones without TPM_ before them are ours.
 */
#ifndef TPM_H
#define TPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tpm_alg {
	TPM_ALG_RSA = 0x0001,
	TPM_ALG_SHA1 = 0x0004,
	TPM_ALG_AES = 0x0006,
	TPM_ALG_SHA256 = 0x000b,
	TPM_ALG_SHA384 = 0x000c,
	TPM_ALG_SHA512 = 0x000d,
	TPM_ALG_NULL = 0x0010,
	TPM_ALG_ECDSA = 0x0018,
	TPM_ALG_ECC = 0x0023,
	TPM_ALG_CFB = 0x0043,
};

/* Where a primary key is made from. */
enum tpm_hierarchy {
	TPM_RH_OWNER = 0x40000001,
	TPM_RH_NULL = 0x40000007,
	TPM_RS_PW = 0x40000009,
	TPM_RH_ENDORSEMENT = 0x4000000b,
};

#define TPM_SHA256 32 /* bytes of a SHA-256 */
#define TPM_DIGEST 64 /* bytes of the longest digest */
#define TPM_PCRS   8  /* PCR 0 to 7: what the firmware measures of itself and of what it starts */

/* Bytes of what a TPM gives; a longer one is not taken. */
#define TPM_PUBLIC_MAX      512
#define TPM_QUOTE_MAX       512
#define TPM_SIGNATURE_MAX   512
#define TPM_CERTIFICATE_MAX 4096
#define TPM_LOG_MAX         0x40000

/* Bytes of what the workstation asks the TPM to open: TPM2B_ID_OBJECT and TPM2B_ENCRYPTED_SECRET.
 */
#define TPM_CHALLENGE_MAX 1024

/* Returns the bytes of a digest, 0 if alg is no hash that a bank of PCRs can have here. */
size_t tpm_digest_size(uint16_t alg);

#endif
