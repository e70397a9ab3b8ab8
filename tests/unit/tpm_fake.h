/* SPDX-License-Identifier: MIT */
/*
 * tpm_fake.h - a TPM that answers as the specification says, with bytes that say where they belong.
 */
#ifndef TPM_FAKE_H
#define TPM_FAKE_H

#include "tpm/tpm_wire.h"

struct fake_tpm {
	bool few_pcrs; /* one PCR at a time */
	bool closed;   /* the endorsement hierarchy */
};

/* Returns a number of the wire, its highest byte first. */
uint32_t fake_tpm_number(const uint8_t *at, unsigned bytes);

/*
 * Writes the answer to a command, or only the code if that is not 0.  Returns its length, 0 if it
 * does not fit.
 */
size_t fake_tpm_answer(const struct fake_tpm *f, uint32_t code, const uint8_t *command,
                       uint8_t *answer, size_t room);

#endif
