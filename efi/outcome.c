/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "console.h"
#include "line.h"
#include "pager.h"

/* "TPM          signed the report with key 3f2a..." */
static void tpm_line(struct text *rows, const struct probe *p)
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
	line_end(&l, rows);
}

/* "Report       \cpulevel\reports\0001-A.txt, 2707 bytes" */
static void report_line(struct text *rows, const struct probe *p)
{
	struct line l;

	if (p->trouble.used)
		return;
	line_start(&l, "Report");
	text_put(&l.text, STORE_DIRECTORY "\\");
	text_put(&l.text, p->name);
	text_put(&l.text, ", ");
	text_decimal(&l.text, p->text.used);
	text_put(&l.text, " bytes");
	line_end(&l, rows);
}

/* Appends why there is no seal, and why the TPM's signature is not there. */
static void put_lacks(struct text *t, const struct probe *p)
{
	text_put(t, p->seal.used ? " and its seal" : ", without a seal: ");
	text_put(t, p->seal.used ? "" : p->unsealed);
	if (!p->collect.beside[0])
		return;
	text_put(t, "; the TPM's signature is not there: ");
	text_put(t, p->collect.beside);
}

/* "Server       has A-1-20261127T004215-9f3a1c02.txt and its seal" */
static void server_line(struct text *rows, const struct probe *p)
{
	struct line l;

	if (!p->collect.stored)
		return;
	line_start(&l, "Server");
	text_put(&l.text, "has ");
	text_put(&l.text, p->collect.name);
	put_lacks(&l.text, p);
	line_end(&l, rows);
}

void outcome_places(struct text *rows, const struct probe *p)
{
	report_line(rows, p);
	server_line(rows, p);
	if (p->forms.memory && EFI_ERROR(p->forms_stored))
		line_sentence(rows, CONSOLE_BAD, "The file of all setup questions is not stored: ",
		              files_clause(p->forms_stored), ".");
	tpm_line(rows, p);
	volume_announce(&p->stick, p->fw, rows);
}

/* "report without setup is stored, as ": which report is on the stick, by its name. */
static void put_stored(struct text *t, const struct probe *p)
{
	const char *ending = p->kept + ascii_size(p->kept) - (sizeof(STORE_BOOT) - 1);

	text_put(t, !p->kept[0] ? "report"
	            : memcmp(ending, STORE_BOOT, sizeof(STORE_BOOT)) == 0
	                    ? "boot processor's report"
	                    : "report without setup");
	text_put(t, " is stored, as ");
	text_put(t, p->kept[0] ? p->kept : p->name);
}

static void not_stored(struct text *rows, enum console_colour colour, const struct probe *p,
                       const char *more)
{
	char buffer[sizeof(p->trouble_bytes) + 256];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_bytes(&t, p->trouble.at, p->trouble.used);
	text_put(&t, ".");
	if (p->kept[0]) {
		text_put(&t, " Only the ");
		put_stored(&t, p);
		text_put(&t, ".");
	}
	text_put(&t, more);
	line_sentence(rows, colour,
	              p->seal.used ? "NOT STORED: " : "NOT STORED, NOT SEALED: ", text_string(&t),
	              "");
}

/* Whether the report was not found again after its driver was restarted. */
static bool is_lost(const struct probe *p)
{
	return EFI_ERROR(p->read_back) && p->read_back != EFI_NOT_STARTED;
}

/* Not on the stick: the server has it. */
static enum console_colour only_sent(struct text *rows, const struct probe *p)
{
	const bool signed_too = p->tpm.what == TPM_SIGNED && !p->collect.beside[0];
	enum console_colour colour = CONSOLE_GREEN;
	const char *words = "SENT AND SEALED  ";
	char why[sizeof(p->trouble_bytes) + 1];
	struct text t;

	if (!p->seal.used) {
		words = signed_too ? "SENT, SIGNED BY THE TPM  " : "SENT WITHOUT A SEAL  ";
		colour = signed_too ? CONSOLE_GREEN : CONSOLE_YELLOW;
	}
	if (p->stick.root)
		colour = CONSOLE_YELLOW;
	line_sentence(rows, colour, words, p->collect.name, "");
	if (!p->stick.root)
		return colour;
	text_start(&t, why, sizeof(why));
	text_bytes(&t, p->trouble.at, p->trouble.used);
	line_sentence(rows, colour, "Not stored on the stick: ", text_string(&t), ".");
	return colour;
}

static enum console_colour stored_rows(struct text *rows, const struct probe *p)
{
	if (!is_lost(p) && !p->unsealed[0]) {
		line_sentence(rows, CONSOLE_GREEN, "STORED AND SEALED  ", p->name, "");
		return CONSOLE_GREEN;
	}
	if (p->unsealed[0]) {
		line_sentence(rows, CONSOLE_YELLOW, "STORED WITHOUT A SEAL  ", p->name, "");
		line_sentence(rows, CONSOLE_YELLOW, "NO KEY: ", p->unsealed,
		              ": the report is stored without a seal.");
	} else {
		line_sentence(rows, CONSOLE_YELLOW, "STORED, NOT VERIFIED  ", p->name, "");
	}
	if (is_lost(p))
		line_sentence(rows, CONSOLE_YELLOW,
		              "NOT VERIFIED on the stick after its driver was restarted: ",
		              files_clause(p->read_back), ". Check it with cpulevel verify.");
	return CONSOLE_YELLOW;
}

enum console_colour outcome_rows(struct text *rows, const struct probe *p)
{
	enum console_colour colour;

	if (p->trouble.used && p->collect.stored)
		return only_sent(rows, p);
	if (p->trouble.used) {
		colour = CONSOLE_RED;
		not_stored(rows, colour, p, p->text.used ? " It was sent over the console." : "");
	} else {
		colour = stored_rows(rows, p);
	}
	if (p->config.collect[0] && !p->collect.stored) {
		colour = colour == CONSOLE_GREEN ? CONSOLE_YELLOW : colour;
		line_sentence(rows, colour, "NOT SENT to the server: ", p->collect.why, ".");
	}
	return colour;
}

void outcome_not_stored(const struct probe *p)
{
	char bytes[1024];
	struct text rows;

	text_start(&rows, bytes, sizeof(bytes));
	console_put(p->fw, "\n");
	not_stored(&rows, CONSOLE_RED, p, "");
	pager_begin(p->fw, &rows, SIZE_MAX);
}

void outcome_seal(const struct probe *p)
{
	if (p->trouble.used) {
		console_put(p->fw, p->collect.stored ? "The report is on the server.\n"
		                                     : "The report is not stored.\n");
		return;
	}
	if (p->key[0]) {
		console_put(p->fw, "sealed with key ");
		console_put(p->fw, p->key);
		console_put(p->fw, ", ");
	}
	console_put(p->fw, "stored");
}

void outcome_verified(const struct probe *p)
{
	if (p->trouble.used)
		return;
	console_put(p->fw,
	            p->read_back == EFI_SUCCESS ? ", verified on the stick\n" : ", NOT VERIFIED\n");
}

void outcome_alarm(struct probe *p, const char *doing)
{
	struct text t;

	text_start(&t, p->alarm_words, sizeof(p->alarm_words));
	text_put(&t, "THE FIRMWARE HANGS: ");
	text_put(&t, doing);
	text_put(&t, ". ");
	if (p->stored) {
		text_put(&t, "The ");
		put_stored(&t, p);
		text_put(&t, p->seal.used ? ", with its seal." : ", without a seal.");
	} else if (p->collect.stored) {
		text_put(&t, "The report is on the server, as ");
		text_put(&t, p->collect.name);
		text_put(&t, ".");
	} else {
		text_put(&t, p->report->kinds
		                     ? "The report is not stored; it follows on the console."
		                     : "Nothing has been read yet.");
	}
	p->alarm.words = text_string(&t);
	p->alarm.then = menu_exit(&p->config);
	p->alarm.ends = p->config.exit != EXIT_WAIT &&
	                (p->stored || p->collect.stored || p->config.exit_set);
}

void outcome_step(struct probe *p, const char *doing)
{
	outcome_alarm(p, doing);
	console_progress(p->fw, doing);
}
