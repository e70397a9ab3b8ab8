/* SPDX-License-Identifier: MIT */
/*
 * The probe: reads CPUID, writes the report, seals it, stores it, compares it, shows it.
 */
#include "console.h"
#include "console_report.h"
#include "machine.h"
#include "menu.h"
#include "pager.h"
#include "power.h"
#include "processors.h"
#include "screen.h"
#include "sealing.h"
#include "settings.h"

#define PROGRAM "cpulevel " VERSION

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* Allocates what is too large for the stack.  Returns false if there is no memory. */
static bool start(struct probe *p)
{
	void *report, *text;

	console_start(p->fw);
	console_put(p->fw, PROGRAM "\n");
	config_default(&p->config);
	if (EFI_ERROR(p->fw->boot->AllocatePool(EfiLoaderData, sizeof(*p->report), &report)))
		return false;
	p->report = report;
	if (EFI_ERROR(p->fw->boot->AllocatePool(EfiLoaderData, REPORT_TEXT_MAX, &text)))
		return false;
	p->text.at = text;
	return true;
}

/* Notes why the report is not stored.  The first cause stays. */
static void trouble(struct probe *p, const char *clause)
{
	if (p->trouble.used == 0)
		text_put(&p->trouble, clause);
}

/* Forgets all about the stick, which may have been replaced, and opens it. */
static void open_stick(struct probe *p)
{
	text_start(&p->trouble, p->trouble_bytes, sizeof(p->trouble_bytes));
	text_start(&p->seal, p->seal_bytes, sizeof(p->seal_bytes));
	text_start(&p->verdict, p->verdict_bytes, sizeof(p->verdict_bytes));
	text_start(&p->text, p->text.at, REPORT_TEXT_MAX);
	volume_close(&p->stick);

	const EFI_STATUS status = volume_open(&p->stick, p->fw);
	if (EFI_ERROR(status))
		trouble(p, files_clause(status));
}

static bool collect(struct probe *p)
{
	report_start(p->report);
	settings_read(&p->config, p->fw, &p->stick);
	return processors_collect(p->report, p->fw, p->config.msr);
}

static void identify(struct probe *p)
{
	struct report *r = p->report;
	char medium[VOLUME_TEXT_MAX + 1];
	EFI_STATUS status;

	report_set(r, FIELD_PROGRAM, PROGRAM);
	report_set(r, FIELD_ORIGIN, "stick");
	if (p->config.label[0])
		report_set(r, FIELD_LABEL, p->config.label);
	machine_identify(r, p->fw);
	if (volume_describe_boot(p->fw, medium))
		report_set(r, FIELD_BOOT_MEDIUM, medium);
	r->known[FIELD_SEQUENCE] = false;
	p->sequence = 0;
	p->name[0] = '\0';
	if (!p->stick.root)
		return;
	status = store_number(&p->stick, &p->sequence);
	if (EFI_ERROR(status)) {
		trouble(p, files_clause(status));
		return;
	}
	report_set_decimal(r, FIELD_SEQUENCE, p->sequence);
	store_name(p->name, p->sequence, r->field[FIELD_SYSTEM_SERIAL]);
	if (EFI_ERROR(p->stick.takes))
		trouble(p, files_clause(p->stick.takes));
}

static void write(struct probe *p)
{
	report_write(&p->text, p->report);
	if (p->text.full) {
		trouble(p, "the report is longer than the format allows");
		p->text.used = 0;
	}
}

static void seal(struct probe *p)
{
	char comment[SEAL_COMMENT_MAX + 1], why[SEALING_WHY_MAX + 1];
	struct text t;

	if (!p->stick.root || p->text.used == 0)
		return;
	text_start(&t, comment, sizeof(comment));
	text_put(&t, "cpulevel report ");
	if (p->sequence) {
		text_put(&t, p->name);
		text_put(&t, " sequence ");
		text_decimal(&t, p->sequence);
		text_put(&t, " ");
	}
	text_put(&t, "program " PROGRAM);
	text_string(&t);
	if (!sealing_write(&p->seal, &p->public, p->key, why, &p->stick, &p->text, comment))
		trouble(p, why);
}

static void store(struct probe *p)
{
	EFI_STATUS status;

	if (p->trouble.used)
		return;
	status = store_put(&p->stick, p->sequence, p->name, &p->text, &p->seal);
	if (EFI_ERROR(status))
		trouble(p, files_clause(status));
}

static void read_back(struct probe *p)
{
	EFI_STATUS status;

	if (p->trouble.used)
		return;
	status = volume_reopen(&p->stick, p->fw);
	if (!EFI_ERROR(status))
		status = store_compare(&p->stick, p->name, &p->text, &p->seal);
	if (EFI_ERROR(status))
		trouble(p, files_clause(status));
}

/* A TPM may hang: the report is on the stick by now. */
static void attest_report(struct probe *p)
{
	tpm_result_free(&p->tpm, p->fw);
	p->tpm = (struct tpm_result){ .what = TPM_NONE };
	if (p->trouble.used || !p->config.tpm)
		return;
	tpm_sign(&p->tpm, p->fw, &p->stick, &p->text);
	if (p->tpm.what == TPM_SIGNED)
		p->tpm_stored =
			store_beside(&p->stick, p->sequence, p->name, ATTEST_ENDING, &p->tpm.text);
}

static void compare(struct probe *p)
{
	p->judgement = judge(&p->verdict, p->report, p->sequence, p->fw, &p->stick,
	                     p->key[0] ? &p->public : NULL);
}

static void show(const struct probe *p)
{
	if (p->trouble.used)
		screen_trouble(p);
	if (p->trouble.used || p->config.verbosity == VERBOSITY_FULL)
		console_report(p);
	screen_summary(p);
	volume_announce(&p->stick, p->fw);
}

/* From the CPUID values in the report to the stick and the screen. */
static void deliver(struct probe *p)
{
	identify(p);
	write(p);
	seal(p);
	store(p);
	read_back(p);
	attest_report(p);
	compare(p);
	show(p);
}

static void visit(struct probe *p)
{
	open_stick(p);
	if (collect(p))
		deliver(p);
	else
		console_put(p->fw, "CPUID was not read: the firmware is out of memory.\n");
}

static void deliver_again(struct probe *p)
{
	open_stick(p);
	deliver(p);
}

/* Carries out choices until one ends the program, and returns that one. */
static enum choice run_menu(struct probe *p)
{
	enum choice choice = menu_ask(p->fw, &p->config);

	for (;; choice = menu_ask_again(p->fw, &p->config)) {
		switch (choice) {
		case CHOICE_PAGES:
			pager_show(p->fw, &p->text);
			screen_summary(p);
			break;
		case CHOICE_AGAIN:
			visit(p);
			break;
		case CHOICE_WRITE:
			deliver_again(p);
			break;
		case CHOICE_OFF:
		case CHOICE_REBOOT:
		case CHOICE_RETURN:
			return choice;
		}
	}
}

static void finish(struct probe *p)
{
	volume_close(&p->stick);
	tpm_result_free(&p->tpm, p->fw);
	if (p->text.at)
		p->fw->boot->FreePool(p->text.at);
	if (p->report)
		p->fw->boot->FreePool(p->report);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	const struct firmware fw = { image, table, table->BootServices };
	struct probe p = { .fw = &fw };
	enum choice choice;

	/* Without this the firmware resets the machine after five minutes. */
	fw.boot->SetWatchdogTimer(0, 0, 0, NULL);
	if (start(&p)) {
		visit(&p);
		choice = run_menu(&p);
	} else {
		console_put(&fw, "No report: the firmware is out of memory.\n");
		choice = CHOICE_OFF;
	}
	finish(&p);
	power_do(&fw, choice);
	return EFI_SUCCESS;
}
