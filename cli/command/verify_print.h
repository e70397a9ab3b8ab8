/* SPDX-License-Identifier: MIT */
/*
 * verify_print.h - prints what verify finds, file by file.
 */
#ifndef VERIFY_PRINT_H
#define VERIFY_PRINT_H

#include <jansson.h>

#include "command/verify_tpm.h"

/* What is found in a file. */
struct verified {
	const char *path;
	bool pool;
	bool seen;                     /* its format is good, and no signature of it is bad */
	int result;                    /* exit code */
	const struct seal_found *seal; /* NULL: only the TPM counts */
	const struct tpm_verdict *tpm;
};

/* Returns "good", "bad" (a signature), "not_verified" (only its format is good), "unusable". */
const char *verify_outcome(const struct verified *f);

/* Print a file: in words, as a row. */
void verify_print(const struct verified *f);
void verify_csv_head(void);
void verify_csv(const struct verified *f);

/* Returns what a document says of a file. */
json_t *verify_json(const struct verified *f);

#endif
