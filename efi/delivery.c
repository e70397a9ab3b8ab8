/* SPDX-License-Identifier: MIT */
#include "delivery.h"

#include "base/mem.h"
#include "console.h"
#include "console_report.h"
#include "outcome.h"
#include "base/program.h"

/* A server that does not answer takes 60 s, and a try that begins late as long again. */
#define SEND_SECONDS 600

void delivery_trouble(struct probe *p, const char *clause)
{
	if (p->trouble.used == 0)
		text_put(&p->trouble, clause);
}

bool delivery_safe(const struct probe *p)
{
	return p->trouble.used == 0 || p->collect.stored;
}

static void write(struct probe *p)
{
	text_start(&p->text, p->text.at, REPORT_TEXT_MAX);
	report_write(&p->text, p->report);
	if (p->text.full) {
		delivery_trouble(p, "the report is longer than the format allows");
		p->text.used = 0;
	}
}

void delivery_rescue(void *context)
{
	struct probe *p = context;

	if (p->stored || p->collect.stored)
		return;
	if (p->text.used == 0 && p->report->kinds > 0)
		write(p);
	console_report(p);
}

void delivery_number(struct probe *p)
{
	struct report *r = p->report;
	EFI_STATUS status;

	r->known[FIELD_SEQUENCE] = false;
	p->sequence = 0;
	if (!p->stick.root)
		return;
	outcome_step(p, "reading the folder of reports");
	alarm_start(&p->alarm, ALARM_SECONDS);
	status = store_number(&p->stick, &p->sequence);
	alarm_stop(&p->alarm);
	if (EFI_ERROR(status)) {
		delivery_trouble(p, files_clause(status));
		return;
	}
	report_set_decimal(r, FIELD_SEQUENCE, p->sequence);
	if (EFI_ERROR(p->stick.takes))
		delivery_trouble(p, files_clause(p->stick.takes));
}

/* Writes the seal of a text: of the report, or of a file beside it, whose name has an ending more.
 */
static void seal_text(struct probe *p, struct text *seal, const struct text *text, const char *what,
                      const char *ending)
{
	char comment[SEAL_COMMENT_MAX + 1];
	struct text t;

	text_start(&t, comment, sizeof(comment));
	text_put(&t, "cpulevel ");
	text_put(&t, what);
	text_put(&t, " ");
	if (p->sequence) {
		text_put(&t, p->name);
		text_put(&t, ending);
		text_put(&t, " sequence ");
		text_decimal(&t, p->sequence);
		text_put(&t, " ");
	}
	text_put(&t, "program " PROGRAM);
	text_string(&t);
	sealing_write(seal, &p->public, p->key, p->unsealed, &p->beside, text, comment);
}

static void seal(struct probe *p)
{
	text_start(&p->seal, p->seal_bytes, sizeof(p->seal_bytes));
	p->key[0] = p->unsealed[0] = '\0';
	if (p->text.used)
		seal_text(p, &p->seal, &p->text, "report", "");
}

static void store(struct probe *p)
{
	EFI_STATUS status;

	if (p->trouble.used)
		return;
	status = store_put(&p->stick, p->sequence, p->name, &p->text, &p->seal, &p->renamed);
	if (!EFI_ERROR(status))
		status = store_compare(&p->stick, p->name, &p->text, &p->seal);
	p->stored |= !EFI_ERROR(status);
	if (EFI_ERROR(status))
		delivery_trouble(p, files_clause(status));
}

/* Writes, seals and stores the report as it is now, under a name with this ending. */
void delivery_put(struct probe *p, const char *ending)
{
	if (p->sequence)
		store_name(p->name, p->sequence, p->report->field[FIELD_SYSTEM_SERIAL], ending);
	write(p);
	outcome_step(p, "writing to the stick");
	alarm_start(&p->alarm, STORE_SECONDS);
	seal(p);
	store(p);
	alarm_stop(&p->alarm);
}

void delivery_keep(struct probe *p, const char *ending)
{
	if (!p->stick.root)
		return;
	delivery_put(p, ending);
	delivery_drop(p);
	if (p->trouble.used == 0)
		memcpy(p->kept, p->name, sizeof(p->kept));
}

void delivery_drop(struct probe *p)
{
	char old[STORE_NAME_MAX + 1];

	if (p->trouble.used || !p->kept[0])
		return;
	memcpy(old, p->kept, sizeof(old));
	p->kept[0] = '\0';
	outcome_alarm(p, "writing to the stick");
	alarm_start(&p->alarm, STORE_SECONDS);
	store_remove(&p->stick, p->sequence, old);
	alarm_stop(&p->alarm);
}

void delivery_start(struct probe *p)
{
	outcome_alarm(p, "starting the network");
	if (p->config.collect[0])
		console_progress(p->fw, "starting the network");
	alarm_start(&p->alarm, ALARM_SECONDS);
	collect_start(&p->collect, p->config.collect, &p->beside);
	alarm_stop(&p->alarm);
}

static const char *field(const struct probe *p, enum report_field field)
{
	return p->report->known[field] ? p->report->field[field] : "";
}

void delivery_send(struct probe *p)
{
	const struct collect_report report = { field(p, FIELD_SYSTEM_SERIAL), field(p, FIELD_TIME),
		                               &p->text, &p->seal };

	if (!p->config.collect[0])
		return;
	outcome_step(p, "sending the report");
	alarm_start(&p->alarm, SEND_SECONDS);
	collect_put(&p->collect, &p->beside, &report);
	alarm_stop(&p->alarm);
}

/* The seal is there first, as a report's is. */
void delivery_forms(struct probe *p)
{
	char bytes[SEAL_TEXT_MAX];
	struct text seal;
	EFI_STATUS status = EFI_SUCCESS;

	if (p->trouble.used || !p->forms.memory)
		return;
	outcome_alarm(p, "writing to the stick");
	alarm_start(&p->alarm, STORE_SECONDS);
	text_start(&seal, bytes, sizeof(bytes));
	seal_text(p, &seal, &p->forms.text, "setup", SETUP_FILE);
	if (seal.used)
		status =
			store_beside(&p->stick, p->sequence, p->name, SETUP_FILE STORE_SEAL, &seal);
	if (!EFI_ERROR(status))
		status = store_beside(&p->stick, p->sequence, p->name, SETUP_FILE, &p->forms.text);
	alarm_stop(&p->alarm);
	p->forms_stored = status;
}

/* A TPM may hang: the report is on the stick or on the server by now. */
void delivery_attest(struct probe *p)
{
	tpm_result_free(&p->tpm, p->fw);
	p->tpm = (struct tpm_result){ .what = TPM_NONE };
	p->tpm_stored = EFI_SUCCESS;
	if (!delivery_safe(p) || !p->config.tpm)
		return;
	outcome_alarm(p, "asking the TPM");
	alarm_start(&p->alarm, STORE_SECONDS);
	tpm_sign(&p->tpm, p->fw, &p->stick, &p->text);
	if (p->tpm.what == TPM_SIGNED && p->trouble.used == 0)
		p->tpm_stored =
			store_beside(&p->stick, p->sequence, p->name, ATTEST_ENDING, &p->tpm.text);
	if (p->tpm.what == TPM_SIGNED)
		collect_beside(&p->collect, &p->beside, ATTEST_ENDING, &p->tpm.text);
	alarm_stop(&p->alarm);
}

void delivery_end(struct probe *p)
{
	outcome_alarm(p, "ending the network");
	alarm_start(&p->alarm, ALARM_SECONDS);
	collect_end(&p->collect, &p->beside);
	alarm_stop(&p->alarm);
}
