/* SPDX-License-Identifier: MIT */
/*
 * probe.h - the state of one visit: what the probe has read, written and found.
 */
#ifndef PROBE_H
#define PROBE_H

#include "files.h"
#include "judge.h"
#include "report/config.h"
#include "report/report.h"
#include "report/seal.h"
#include "store.h"
#include "tpm_sign.h"

struct probe {
	const struct firmware *fw;
	struct volume stick;
	struct config config;
	struct report *report;
	struct text text; /* the report as it is signed, stored and shown */
	struct text seal; /* used 0: the report could not be sealed */
	char seal_bytes[SEAL_TEXT_MAX];
	uint32_t sequence;             /* number of the report on the stick, 0 if there is none */
	char name[STORE_NAME_MAX + 1]; /* of the report's file */
	char key[17];                  /* number of the stick's key, "" if it could not be read */
	struct seal_public public;     /* valid if key is not "" */
	struct tpm_result tpm;
	EFI_STATUS tpm_stored; /* if it has signed: is the signature on the stick? */
	enum judgement judgement;
	struct text verdict;
	char verdict_bytes[JUDGE_TEXT_MAX];
	struct text trouble; /* why the report is not on the stick; used 0: it is */
	char trouble_bytes[256];
};

#endif
