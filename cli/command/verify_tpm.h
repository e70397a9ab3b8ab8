/* SPDX-License-Identifier: MIT */
/*
 * verify_tpm.h - what cpulevel verify says of the TPMs that signed reports.
 */
#ifndef VERIFY_TPM_H
#define VERIFY_TPM_H

#include <argp.h>

#include "input/load.h"
#include "input/machines.h"

struct verify_tpm {
	struct machines machines;
	bool probe; /* the last program that was started must be this one */
	uint8_t program[TPM_SHA256];
};

/* The options; the input is a struct verify_tpm. */
extern const struct argp verify_tpm_argp;

/*
 * Checks PATH.tpm, if there is one, and prints a line.  A machine whose TPM is known must have
 * signed with that.  Returns an exit code.
 */
int verify_tpm(struct verify_tpm *v, const char *path, const struct visit *visit,
               const uint8_t sha256[static TPM_SHA256]);

/* Returns true if a report has no seal, but a file PATH.tpm. */
bool verify_tpm_only(const char *path);

/*
 * Checks such a report and prints whether the TPM is the one that this machine is known to have.
 * The report is read only if the key is a known one.  Returns an exit code.
 */
int verify_tpm_alone(struct verify_tpm *v, const char *path, const struct trust *trust);

#endif
