/* SPDX-License-Identifier: MIT */
/*
 * judge.h - compares this host with the earlier hosts on the stick, or with golden.txt.
 *
 * This part finds and reads the files.  compare/ does the comparison, as it does on a workstation.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "compare/verdict.h"
#include "files.h"
#include "report/report.h"
#include "report/seal.h"
#include "store.h"

#define JUDGE_TEXT_MAX 1600

#define JUDGE_EARLIER_MAX 4096

enum judgement { JUDGE_NONE, JUDGE_SAME, JUDGE_DIFFERS };

struct judge_earlier {
	uint32_t number;
	char name[STORE_NAME_MAX + 1];
};

/* What it works with: about five mebibytes. */
struct judging {
	const struct firmware *fw;
	const struct volume *stick;
	const struct seal_public *key;
	uint32_t sequence;
	struct drift_host mine, other;
	const struct setup *setup; /* of this host */
	struct verdict verdict;
	size_t ignored, count;
	struct judge_earlier earlier[JUDGE_EARLIER_MAX];
	struct report report;
	char text[REPORT_TEXT_MAX];
};

/*
 * Returns JUDGE_DIFFERS if this host deviates from golden.txt or from most earlier hosts (see
 * verdict_judge), JUDGE_NONE if there is nothing to compare with, otherwise JUDGE_SAME, and appends
 * the verdict: one or more sentences without the last full stop.
 * Earlier reports count only if key, the stick's own, sealed them; if key is NULL, only golden.txt
 * is compared. sequence is the number of this host's own report, which is skipped.  What *j held
 * does not matter.
 */
enum judgement judge(struct judging *j, struct text *verdict, const struct report *report,
                     uint32_t sequence, const struct firmware *fw, const struct volume *stick,
                     const struct seal_public *key);

#endif
