/* SPDX-License-Identifier: MIT */
/*
 * attest_text.h - the file in which a TPM's signature stands beside a report: REPORT.tpm.
 *
 * docs/report-format.md describes it.  Each value has exactly one spelling.
 */
#ifndef ATTEST_TEXT_H
#define ATTEST_TEXT_H

#include "base/err.h"
#include "base/text.h"
#include "tpm/attest.h"

#define ATTEST_ENDING ".tpm" /* appended to the name of the report's file */

/* Bytes; no such file is longer. */
#define ATTEST_TEXT_MAX 0x60000

void attest_write(struct text *t, const struct attestation *a);

/*
 * Reads size bytes at text into *a, and the log into log.  Returns the cause of the first error,
 * and its place.
 */
enum err attest_read(struct attestation *a, uint8_t log[static TPM_LOG_MAX], const char *text,
                     size_t size, struct where *reterr_where);

#endif
