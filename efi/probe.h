/* SPDX-License-Identifier: MIT */
/*
 * probe.h - the state of one visit: what the probe has read, written and found.
 */
#ifndef PROBE_H
#define PROBE_H

#include "alarm.h"
#include "collect.h"
#include "files.h"
#include "forms.h"
#include "judge.h"
#include "processors.h"
#include "report/config.h"
#include "report/report.h"
#include "report/seal.h"
#include "sealing.h"
#include "store.h"
#include "tpm_sign.h"

#define COMPLAINTS_MAX 1024

struct probe {
	const struct firmware *fw;
	struct volume stick;
	struct network net;
	struct beside beside; /* fw, stick and net */
	struct collect collect;
	struct config config;
	struct mp mp;
	struct alarm alarm;
	char alarm_words[256];
	struct judging *judging; /* NULL: no memory yet */
	struct report *report;
	struct text text; /* the report as it is signed, stored and shown */
	struct text rows; /* room for what the screen shows; see screen.h */
	struct text seal; /* used 0: the report could not be sealed, unsealed says why */
	char unsealed[SEALING_WHY_MAX + 1];
	char seal_bytes[SEAL_TEXT_MAX];
	uint32_t sequence; /* number of the report on the stick, 0 if there is none */

	/* Names of files: the report's; the boot processor's report's, and that of a visit that did
	 * not end, or "". */
	char name[STORE_NAME_MAX + 1];
	char kept[STORE_NAME_MAX + 1], unfinished[STORE_NAME_MAX + 1];

	bool stored;               /* the report, or what is kept of it */
	bool renamed;              /* the firmware can rename files */
	EFI_STATUS read_back;      /* EFI_NOT_STARTED: not yet read back from the stick */
	bool late;                 /* a processor did not respond, and may do so at any time */
	char key[17];              /* number of the stick's key, "" if it could not be read */
	struct seal_public public; /* valid if key is not "" */
	struct forms_file forms;   /* all questions of setup, if the setting wants them */
	EFI_STATUS forms_stored;
	struct tpm_result tpm;
	EFI_STATUS
	tpm_stored; /* if it has signed: is the signature on the stick, if there is one? */
	enum judgement judgement;
	struct text verdict;
	char verdict_bytes[JUDGE_TEXT_MAX];
	struct text complaints; /* rows (line.h): of the settings */
	char complaint_bytes[COMPLAINTS_MAX];
	struct text trouble; /* why the report is not on the stick; used 0: it is */
	char trouble_bytes[256];
};

#endif
