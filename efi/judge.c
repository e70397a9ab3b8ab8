/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "console.h"
#include "sign.h"

#define GOLDEN         "\\cpulevel\\golden.txt"
#define PROGRESS_EVERY 16

/* Checks the seal of j->text.  ERR_NO_SEAL: there is no seal; ERR_NO_KEY: no key to check it. */
static enum err check_seal(struct judging *j, const char *path, UINTN size)
{
	char seal[SEAL_TEXT_MAX], comment[SEAL_COMMENT_MAX + 1], seal_path[FILES_PATH_MAX + 1];
	uint8_t number[SEAL_NUMBER];
	const struct seal_public *signer;
	UINTN seal_size;
	struct text t;

	text_start(&t, seal_path, sizeof(seal_path));
	text_put(&t, path);
	text_put(&t, STORE_SEAL);
	if (!text_string(&t) ||
	    EFI_ERROR(file_read(j->stick, seal_path, seal, sizeof(seal), &seal_size)))
		return ERR_NO_SEAL;
	if (!j->key)
		return ERR_NO_KEY;
	return seal_check(seal, seal_size, j->text, size, j->key, 1, sign_check, &signer, comment,
	                  number);
}

/* Reads the report in j->text into j->report and j->other. */
static enum err read_host(struct judging *j, UINTN size)
{
	struct where where;
	const enum err err = report_read(&j->report, j->text, size, &where);

	if (err != ERR_NONE)
		return err;
	if (j->report.kinds == 0)
		return ERR_NO_KINDS;
	return drift_take(&j->other, &j->report) ? ERR_NONE : ERR_MANY_LEAVES;
}

/* Returns JUDGE_NONE if there is no golden.txt. */
static enum judgement judge_golden(struct judging *j, struct text *t)
{
	struct verdict_list *list = &j->verdict.previous;
	UINTN size;
	const EFI_STATUS status = file_read(j->stick, GOLDEN, j->text, sizeof(j->text), &size);

	if (status == EFI_NOT_FOUND)
		return JUDGE_NONE;
	enum err err = EFI_ERROR(status) ? ERR_READ : check_seal(j, GOLDEN, size);
	const bool sealed = err == ERR_NONE;
	if (sealed || err == ERR_NO_SEAL)
		err = read_host(j, size);
	if (err != ERR_NONE) {
		text_put(t, "NOT COMPARED with golden.txt: ");
		text_put(t, EFI_ERROR(status) ? files_clause(status) : err_text(err));
		return JUDGE_DIFFERS;
	}
	const bool like = drift_same_type(&j->mine, &j->other);
	const bool differs = verdict_compare(list, &j->mine, &j->other);
	const struct verdict_golden golden = { like, sealed, j->setup, &j->report.setup };
	verdict_write_golden(t, list, &golden);
	return like && !differs ? JUDGE_SAME : JUDGE_DIFFERS;
}

/* Notes a file if it has the name of a finished report. */
static void note(void *ctx, const char *name, uint32_t number)
{
	struct judging *j = ctx;
	struct judge_earlier *e = &j->earlier[j->count];
	const size_t size = ascii_size(name);

	if (number == 0 || number == j->sequence || size > STORE_NAME_MAX || size < 4 ||
	    memcmp(name + size - 4, ".txt", 4) != 0 || j->count == JUDGE_EARLIER_MAX)
		return;
	e->number = number;
	memcpy(e->name, name, size + 1);
	j->count++;
}

/* Returns the noted report with the highest number and forgets it; NULL if none is left. */
static const struct judge_earlier *latest(struct judging *j)
{
	struct judge_earlier *e = NULL;

	for (size_t i = 0; i < j->count; i++)
		if (j->earlier[i].number && (!e || j->earlier[i].number > e->number))
			e = &j->earlier[i];
	if (e)
		e->number = 0;
	return e;
}

static void count_earlier(struct judging *j, const struct judge_earlier *e)
{
	char path[FILES_PATH_MAX + 1];
	struct text t;
	UINTN size;

	text_start(&t, path, sizeof(path));
	text_put(&t, STORE_DIRECTORY "\\");
	text_put(&t, e->name);
	if (!text_string(&t) ||
	    EFI_ERROR(file_read(j->stick, path, j->text, sizeof(j->text), &size)) ||
	    check_seal(j, path, size) != ERR_NONE || read_host(j, size) != ERR_NONE)
		j->ignored++;
	else
		verdict_add(&j->verdict, &j->other, e->name);
}

static void progress(const struct judging *j, size_t done)
{
	char buffer[64];
	struct text t;

	if (j->count < PROGRESS_EVERY || (done % PROGRESS_EVERY != 0 && done != j->count))
		return;
	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, "\rReading earlier reports: ");
	text_decimal(&t, done);
	text_put(&t, " of ");
	text_decimal(&t, j->count);
	text_put(&t, done == j->count ? "\n" : "");
	if (text_string(&t))
		console_put(j->fw, buffer);
}

static enum judgement judge_earlier(struct judging *j, struct text *t)
{
	const struct judge_earlier *e;
	size_t done = 0;

	verdict_start(&j->verdict, &j->mine);
	j->verdict.setup = j->setup;
	directory_each(j->stick, STORE_DIRECTORY, note, j);
	while ((e = latest(j)) != NULL) {
		count_earlier(j, e);
		progress(j, ++done);
	}
	const bool differs = verdict_judge(&j->verdict);
	verdict_write(t, &j->verdict);
	if (j->ignored) {
		text_put(t, ". Ignored: ");
		text_decimal(t, j->ignored);
		text_put(t, j->ignored == 1 ? " file" : " files");
		text_put(t, " (not sealed by this stick, or not readable)");
	}
	if (j->verdict.like == 0 && !j->verdict.before)
		return JUDGE_NONE;
	return differs ? JUDGE_DIFFERS : JUDGE_SAME;
}

enum judgement judge(struct judging *j, struct text *verdict, const struct report *report,
                     uint32_t sequence, const struct firmware *fw, const struct volume *stick,
                     const struct seal_public *key)
{
	enum judgement judgement = JUDGE_NONE;

	if (!stick->root || report->kinds == 0)
		return JUDGE_NONE;
	j->fw = fw;
	j->stick = stick;
	j->key = key;
	j->sequence = sequence;
	j->setup = &report->setup;
	j->ignored = j->count = 0;
	if (drift_take(&j->mine, report)) {
		judgement = judge_golden(j, verdict);
		if (verdict->used == 0 && key)
			judgement = judge_earlier(j, verdict);
		if (verdict->used && report_boot_only(report))
			text_put(verdict, ". Only the boot processor was compared");
	}
	return judgement;
}
