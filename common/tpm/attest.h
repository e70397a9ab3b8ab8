/* SPDX-License-Identifier: MIT */
/*
 * attest.h - has a TPM sign a report, and the state of the machine that it was made on.
 *
 * The TPM makes a key that it alone has and that signs only what the TPM says of itself
 * (a restricted signing key), from a template that is always the same: the same TPM makes the same
 * key on every visit.  With it the TPM signs a quote: the SHA-256 of the report, and the digest of
 * PCR 0 to 7, which are the firmware's measurements of itself and of the programs that it started.
 *
 * The key is the endorsement hierarchy's, because there the quote says how often the TPM was
 * reset, which puts the reports of one TPM in order; if the machine's owner has closed that
 * hierarchy, the owner's.
 */
#ifndef ATTEST_H
#define ATTEST_H

#include "tpm/tpm_wire.h"

/*
 * Sends a command to the TPM and sets *ret_size to the length of its answer, at most room.
 * Returns false if the TPM cannot be reached.
 */
typedef bool tpm_send(void *of, const uint8_t *command, size_t size, uint8_t *answer, size_t room,
                      size_t *ret_size);

/* Bytes of the longest answer that is asked for, if the TPM's driver does not take less. */
#define TPM_ANSWER_MAX 4096

struct tpm_device {
	tpm_send *send;
	void *of;
	size_t room;   /* for an answer, at most TPM_ANSWER_MAX; no driver takes more than it can */
	uint16_t bank; /* enum tpm_alg: the bank of PCRs that the firmware measures into */
};

struct tpm_certificate {
	uint32_t index; /* of the TPM's memory, where its maker has put it */
	size_t size;
	uint8_t at[TPM_CERTIFICATE_MAX];
};

#define TPM_CERTIFICATES 3

/* The key's name for people: the first 16 digits of the SHA-256 of its public half. */
#define TPM_KEY_NAME 16

/* What the TPM gave, in its own forms; a size of 0: nothing. */
struct attestation {
	uint32_t hierarchy; /* TPM_RH_ENDORSEMENT or TPM_RH_OWNER */
	uint16_t bank;
	size_t public_size, quote_size, signature_size, secret_size, log_size;
	uint8_t public[TPM_PUBLIC_MAX];       /* TPM2B_PUBLIC of the key that signs */
	uint8_t quote[TPM_QUOTE_MAX];         /* TPMS_ATTEST */
	uint8_t signature[TPM_SIGNATURE_MAX]; /* TPMT_SIGNATURE */
	uint8_t pcr[TPM_PCRS][TPM_DIGEST];    /* tpm_digest_size(bank) bytes of each */
	size_t certificates;
	struct tpm_certificate certificate[TPM_CERTIFICATES]; /* DER */
	uint8_t secret[TPM_DIGEST];                           /* what was in the challenge */
	const uint8_t *log; /* the firmware's, of what it measured; the caller's */
};

/* A step that failed, and the TPM's code for it. */
struct tpm_failure {
	const char *step; /* the command's name in the specification */
	uint32_t code;    /* TPM_RC_NO_ANSWER: the TPM gave no valid answer */
};

/* Computes the SHA-256 of size bytes. */
typedef void attest_sha256(uint8_t digest[static TPM_SHA256], const uint8_t *at, size_t size);

/*
 * Returns the length of the challenge for the TPM that has the key of this name, 0 if there is
 * none.  A challenge is what a workstation asks that TPM to open, a TPM2B_ID_OBJECT and a
 * TPM2B_ENCRYPTED_SECRET: only the TPM whose certificate it was made for, and which has the key
 * that signs, can.
 */
typedef size_t attest_challenge(void *of, const char *key,
                                uint8_t challenge[static TPM_CHALLENGE_MAX]);

/* What the TPM is to sign. */
struct attest_report {
	const void *at;
	size_t size;
	attest_sha256 *sha256;
	attest_challenge *challenge; /* or NULL */
	void *of;                    /* for challenge */
};

/* Sets name to the name of the key that has signed. */
void attest_key(const struct attestation *a, attest_sha256 *sha256,
                char name[static TPM_KEY_NAME + 1]);

/*
 * Sets *a, but for the log.  Returns false if there is no signature: *failure says why.  A
 * certificate, or an answer to a challenge, that could not be had is none.  answer has room for
 * device->room bytes.
 */
bool attest(struct attestation *a, const struct tpm_device *device,
            const struct attest_report *report, uint8_t *answer, struct tpm_failure *failure);

#endif
