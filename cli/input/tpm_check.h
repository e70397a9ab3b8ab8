/* SPDX-License-Identifier: MIT */
/*
 * tpm_check.h - checks what a TPM signed beside a report (REPORT.tpm).
 *
 * What is checked, and why, is in docs/security.md.  Structures are read by tpm2-tss, signatures
 * and certificates are OpenSSL's.
 */
#ifndef TPM_CHECK_H
#define TPM_CHECK_H

#include "tpm/attest_text.h"

#define TPM_KEY 32 /* the SHA-256 of a key's public half: what the key is known by */

enum tpm_state {
	TPM_NO_FILE,    /* there is no REPORT.tpm */
	TPM_UNREADABLE, /* it cannot be read; a message has been printed */
	TPM_BAD,        /* it is no TPM's signature of this report; cause says why */
	TPM_GOOD,
};

/* What is known of a report's TPM; all but state and cause only if it is TPM_GOOD. */
struct tpm_checked {
	enum tpm_state state;
	const char *cause;
	struct attestation *a; /* allocated */
	uint8_t key[TPM_KEY];
	char name[TPM_KEY_NAME + 1]; /* the key's name for people */
	uint32_t resets;             /* how often the TPM was reset; 0 if the key is the owner's */
	bool log;                    /* the firmware's log leads to the quoted PCRs */
	bool program_known;          /* and says which program was started last: */
	uint8_t program[TPM_SHA256]; /* its Authenticode SHA-256 */
};

/* False if there is no PATH.tpm; true is not yet a file that can be read. */
bool tpm_check_needed(const char *path);

/*
 * Checks PATH.tpm, for a report with this SHA-256, or NULL if it was not needed when the report was
 * read: then it is TPM_NO_FILE.  The caller frees with tpm_check_free.
 */
void tpm_check(struct tpm_checked *c, const char *path, const uint8_t *report);
void tpm_check_free(struct tpm_checked *c);

#endif
