/* SPDX-License-Identifier: MIT */
/*
 * tpm_sign.h - has the machine's TPM 2.0 sign the report, if it has one.
 *
 * A TPM can hang, and with it the firmware: the report and its seal must be on the stick before.
 */
#ifndef TPM_SIGN_H
#define TPM_SIGN_H

#include "files.h"
#include "tpm/attest_text.h"

enum tpm_signed {
	TPM_NONE,    /* there is no TPM 2.0 */
	TPM_SIGNED,  /* it has signed */
	TPM_REFUSED, /* it has not; the failure says why */
	TPM_MEMORY,  /* there is no memory for what it would give */
};

struct tpm_result {
	enum tpm_signed what;
	struct tpm_failure failure;
	char key[TPM_KEY_NAME + 1]; /* of the key that has signed (attest.h) */
	struct text text;           /* the file */
	void *memory;               /* its, from AllocatePool; NULL: none */
};

/*
 * Asks the TPM.  A challenge is read from \cpulevel\challenge\KEY.bin, if the stick has one for
 * this TPM's key.  Says on the console that it asks, before it does.
 */
void tpm_sign(struct tpm_result *r, const struct firmware *fw, const struct volume *stick,
              const struct text *text);

/* Frees the file.  Does nothing if there is none. */
void tpm_result_free(struct tpm_result *r, const struct firmware *fw);

#endif
