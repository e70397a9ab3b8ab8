/* SPDX-License-Identifier: MIT */
/*
 * judge.h - is this box as the earlier boxes on the stick are, or as golden.txt says?
 *
 * Comparing is common/'s (verdict.h, drift.h), the same as on the workstation; here are the files.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "files.h"
#include "report/report.h"
#include "report/seal.h"

#define JUDGE_TEXT_MAX 640

enum judgement { JUDGE_NONE, JUDGE_SAME, JUDGE_DIFFERS };

/*
 * Appends the verdict, a sentence or two without a full stop.  Earlier reports count only if key,
 * the stick's own, sealed them (NULL: it has none, and none counts); sequence is the number of
 * the report at hand, which does not count.
 */
enum judgement judge(struct text *verdict, const struct report *report, uint32_t sequence,
                     const struct firmware *fw, const struct volume *stick,
                     const struct seal_public *key);

#endif
