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

/* What is found of a report's TPM. */
enum tpm_outcome {
	TPM_OUT_NONE, /* nothing: there is no file, and none is expected */
	TPM_OUT_GOOD,
	TPM_OUT_MISSING, /* the machine's TPM is known, and has not signed this report */
	TPM_OUT_BAD,     /* no TPM's signature of this report */
	TPM_OUT_UNREADABLE,
	TPM_OUT_UNKNOWN, /* of a report without a seal: signed by a TPM that is not known */
	TPM_OUT_OTHER,   /* the same, by the TPM of another machine */
};

/* What the firmware's log says of the program that was started last. */
enum tpm_program { PROGRAM_NO_LOG, PROGRAM_BAD_LOG, PROGRAM_UNNAMED, PROGRAM_KNOWN };

/* Whether the machine has had this TPM before. */
enum tpm_machine {
	MACHINE_NOT_ASKED, /* something else is wrong */
	MACHINE_UNNAMED,   /* it has no serial number */
	MACHINE_NEW,
	MACHINE_REMEMBERED, /* it is new, and remembered in --machines */
	MACHINE_SAME,
	MACHINE_CHANGED,
};

/* Zero at first. */
struct tpm_verdict {
	enum tpm_outcome outcome;
	int result;                  /* exit code */
	bool alone;                  /* the report has no seal */
	char name[TPM_KEY_NAME + 1]; /* of the TPM; TPM_OUT_MISSING: of the one that is expected */
	const char *cause;           /* of TPM_OUT_BAD */
	bool owner;                  /* the key is the owner's, so that resets are not known */
	uint32_t resets;
	enum tpm_program program;
	uint8_t hash[TPM_SHA256];   /* of PROGRAM_KNOWN: its Authenticode SHA-256 */
	bool probe_asked, is_probe; /* --probe: whether it is that one */
	enum tpm_machine machine;
	char was[TPM_KEY_NAME + 1]; /* of MACHINE_CHANGED: the TPM that it had */
	const char *from;           /* and of MACHINE_SAME: the file that says so */
};

/*
 * Checks PATH.tpm, if there is one; sha256: as for tpm_check.  A machine whose TPM is known must
 * have signed with that.
 */
void verify_tpm(struct tpm_verdict *to, struct verify_tpm *v, const char *path,
                const struct visit *visit, const uint8_t *sha256);

/* Returns true if a report has no seal, but a file PATH.tpm. */
bool verify_tpm_only(const char *path);

/*
 * Checks whether such a report is signed by the TPM that this machine is known to have.  The report
 * is read only if the key is a known one.
 */
void verify_tpm_alone(struct tpm_verdict *to, struct verify_tpm *v, const char *path,
                      const struct trust *trust);

#endif
