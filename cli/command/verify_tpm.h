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
int verify_tpm(struct verify_tpm *v, const char *path, const struct loaded *l);

/*
 * For a report without a seal that a TPM has signed: checks and prints whether it is the TPM that
 * this machine is known to have, and sets *ret to an exit code.  The report is read only if the key
 * is a known one.  Returns false, and prints nothing, if there is a seal or no file PATH.tpm.
 */
bool verify_tpm_alone(struct verify_tpm *v, const char *path, const struct trust *trust, int *ret);

#endif
