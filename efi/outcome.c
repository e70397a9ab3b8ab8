/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include "console.h"
#include "line.h"

void outcome_sentence(const struct firmware *fw, const char *first, const char *middle,
                      const char *last)
{
	char buffer[640];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, first);
	text_put(&t, middle);
	text_put(&t, last);
	if (!text_string(&t))
		return;
	console_colour(fw, CONSOLE_BAD);
	console_sentence(fw, buffer);
	console_colour(fw, CONSOLE_PLAIN);
}

/* "TPM          signed the report with key 3f2a..." */
void outcome_tpm(const struct probe *p)
{
	const struct tpm_result *tpm = &p->tpm;
	struct line l;

	if (tpm->what == TPM_NONE)
		return;
	line_start(&l, "TPM");
	if (tpm->what == TPM_SIGNED && !EFI_ERROR(p->tpm_stored)) {
		text_put(&l.text, "signed the report with key ");
		text_put(&l.text, tpm->key);
	} else if (tpm->what == TPM_SIGNED) {
		text_put(&l.text, "signed the report, but that was not stored: ");
		text_put(&l.text, files_clause(p->tpm_stored));
	} else if (tpm->what == TPM_MEMORY) {
		text_put(&l.text, "did not sign the report: there is too little memory");
	} else {
		text_put(&l.text, "did not sign the report: ");
		text_put(&l.text, tpm->failure.step);
		text_put(&l.text, tpm->failure.code == TPM_RC_NO_ANSWER ? " got no valid answer"
		                                                        : " ended with code ");
		if (tpm->failure.code != TPM_RC_NO_ANSWER)
			text_hex(&l.text, tpm->failure.code, 3);
	}
	line_end(&l, p->fw);
}

/* "Report       \cpulevel\reports\0001-A.txt, 2707 bytes": the row below it is outcome_verified's.
 */
void outcome_report(const struct probe *p)
{
	struct line l;

	line_start(&l, "Report");
	text_put(&l.text, STORE_DIRECTORY "\\");
	text_put(&l.text, p->name);
	text_put(&l.text, ", ");
	text_decimal(&l.text, p->text.used);
	text_put(&l.text, " bytes");
	line_end(&l, p->fw);
	if (p->unsealed[0])
		outcome_sentence(p->fw, "NO KEY: ", p->unsealed,
		                 ": the report is stored without a seal.");
	line_start(&l, "");
	if (p->key[0]) {
		text_put(&l.text, "sealed with key ");
		text_put(&l.text, p->key);
		text_put(&l.text, ", ");
	}
	text_put(&l.text, "stored");
	console_bytes(p->fw, l.bytes, l.text.used);
}

void outcome_not_stored(const struct probe *p, const char *more)
{
	char buffer[sizeof(p->trouble_bytes) + 256];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_bytes(&t, p->trouble.at, p->trouble.used);
	text_put(&t, ".");
	if (p->kept[0]) {
		text_put(&t, " Only the boot processor's report is stored, as ");
		text_put(&t, p->kept);
		text_put(&t, ".");
	}
	text_put(&t, more);
	outcome_sentence(p->fw,
	                 p->seal.used ? "REPORT NOT STORED: " : "REPORT NOT STORED, NOT SEALED: ",
	                 text_string(&t), "");
}

void outcome_verified(const struct probe *p)
{
	if (p->trouble.used)
		return;
	if (p->read_back == EFI_SUCCESS) {
		console_put(p->fw, ", verified on the stick\n");
		return;
	}
	console_put(p->fw, "\n");
	outcome_sentence(p->fw, "NOT VERIFIED on the stick after its driver was restarted: ",
	                 files_clause(p->read_back), ". Check it with cpulevel verify.");
}

void outcome_alarm(struct probe *p, const char *doing)
{
	struct text t;

	text_start(&t, p->alarm_words, sizeof(p->alarm_words));
	text_put(&t, "THE FIRMWARE HANGS: ");
	text_put(&t, doing);
	text_put(&t, ". ");
	if (p->stored) {
		text_put(&t, !p->kept[0] ? "The report is stored, as "
		             : p->report->processors == 1 && p->mp.number > 1
		                     ? "The boot processor's report is stored, as "
		                     : "The report without setup is stored, as ");
		text_put(&t, p->kept[0] ? p->kept : p->name);
		text_put(&t, p->seal.used ? ", with its seal." : ", without a seal.");
	} else {
		text_put(&t, "The report is not stored; it follows on the console.");
	}
	p->alarm.words = text_string(&t);
	p->alarm.then = menu_exit(&p->config);
	p->alarm.ends = p->config.exit != EXIT_WAIT && (p->stored || p->config.exit_set);
}
