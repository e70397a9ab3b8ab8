/* SPDX-License-Identifier: MIT */
#include "tpm/tpm_key.h"

/* Part 2, table 31. */
enum {
	FIXED_TPM = 1 << 1,
	FIXED_PARENT = 1 << 4,
	SENSITIVE_DATA_ORIGIN = 1 << 5,
	USER_WITH_AUTH = 1 << 6,
	ADMIN_WITH_POLICY = 1 << 7,
	NO_DA = 1 << 10, /* it can be used while the TPM is locked against guessing */
	RESTRICTED = 1 << 16,
	DECRYPT = 1 << 17,
	SIGN = 1 << 18,
};

#define TPM_ECC_NIST_P256 3

void tpm_key_signing(struct tpm_command *c)
{
	/* In the place of the key's X coordinate: it makes the key ours and no other program's. */
	static const uint8_t ours[TPM_SHA256] = "cpulevel report attestation 1";

	tpm_put(c, 8 + 2 + 10 + 2 + sizeof(ours) + 2, 2); /* TPM2B_PUBLIC's size */
	tpm_put(c, TPM_ALG_ECC, 2);
	tpm_put(c, TPM_ALG_SHA256, 2);
	tpm_put(c,
	        FIXED_TPM | FIXED_PARENT | SENSITIVE_DATA_ORIGIN | USER_WITH_AUTH | NO_DA |
	                RESTRICTED | SIGN,
	        4);
	tpm_put(c, 0, 2); /* no policy */
	tpm_put(c, TPM_ALG_NULL, 2);
	tpm_put(c, TPM_ALG_ECDSA, 2);
	tpm_put(c, TPM_ALG_SHA256, 2);
	tpm_put(c, TPM_ECC_NIST_P256, 2);
	tpm_put(c, TPM_ALG_NULL, 2);
	tpm_put_sized(c, ours, sizeof(ours));
	tpm_put_sized(c, ours, 0);
}

void tpm_key_endorsement(struct tpm_command *c)
{
	static const uint8_t policy[TPM_SHA256] = {
		0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc,
		0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52,
		0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa,
	};
	static const uint8_t zeros[256];

	tpm_put(c, 8 + 2 + sizeof(policy) + 14 + 2 + sizeof(zeros), 2);
	tpm_put(c, TPM_ALG_RSA, 2);
	tpm_put(c, TPM_ALG_SHA256, 2);
	tpm_put(c,
	        FIXED_TPM | FIXED_PARENT | SENSITIVE_DATA_ORIGIN | ADMIN_WITH_POLICY | RESTRICTED |
	                DECRYPT,
	        4);
	tpm_put_sized(c, policy, sizeof(policy));
	tpm_put(c, TPM_ALG_AES, 2);
	tpm_put(c, 128, 2);
	tpm_put(c, TPM_ALG_CFB, 2);
	tpm_put(c, TPM_ALG_NULL, 2);
	tpm_put(c, 2048, 2);
	tpm_put(c, 0, 4); /* the usual exponent */
	tpm_put_sized(c, zeros, sizeof(zeros));
}
