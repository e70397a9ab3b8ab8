/* SPDX-License-Identifier: MIT */
/*
 * The probe: reads CPUID, writes the report, seals it, stores it, compares it, shows it.
 */
#include "console.h"
#include "console_report.h"
#include "delivery.h"
#include "machine.h"
#include "menu.h"
#include "outcome.h"
#include "pages.h"
#include "power.h"
#include "processors.h"
#include "screen.h"
#include "settings.h"
#include "unfinished.h"
#include "base/program.h"

#define LATE                                                                                   \
	"Not going back to the firmware: a processor that did not respond may still run this " \
	"program. Reboot, or switch the machine off."

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table);

/* What is too large for the stack: about four mebibytes. */
struct large {
	struct report report;
	char text[REPORT_TEXT_MAX], rows[SCREEN_TEXT_MAX];
};

static void start(struct probe *p, struct large *large)
{
	config_default(&p->config);
	p->report = &large->report;
	report_start(p->report);
	p->text.at = large->text;
	text_start(&p->rows, large->rows, sizeof(large->rows));
}

/* Forgets all about the stick, which may have been replaced, and opens it. */
static void open_stick(struct probe *p)
{
	text_start(&p->trouble, p->trouble_bytes, sizeof(p->trouble_bytes));
	text_start(&p->verdict, p->verdict_bytes, sizeof(p->verdict_bytes));
	text_start(&p->complaints, p->complaint_bytes, sizeof(p->complaint_bytes));
	text_start(&p->text, p->text.at, REPORT_TEXT_MAX);
	text_start(&p->seal, p->seal_bytes, sizeof(p->seal_bytes));
	p->name[0] = p->kept[0] = '\0';
	p->stored = false;
	p->read_back = EFI_NOT_STARTED;
	volume_close(&p->stick);
	p->beside = (struct beside){ p->fw, &p->stick, &p->net };

	outcome_alarm(p, "opening the stick");
	alarm_start(&p->alarm, STORE_SECONDS);
	const EFI_STATUS status = volume_open(&p->stick, p->fw);
	alarm_stop(&p->alarm);
	if (EFI_ERROR(status))
		delivery_trouble(p, files_clause(status));
}

static void identify(struct probe *p)
{
	struct report *r = p->report;
	char medium[VOLUME_TEXT_MAX + 1];

	report_set(r, FIELD_PROGRAM, PROGRAM);
	report_set(r, FIELD_ORIGIN, "stick");
	if (p->config.label[0])
		report_set(r, FIELD_LABEL, p->config.label);
	machine_identify(r, p->fw);
	if (volume_describe_boot(p->fw, medium))
		report_set(r, FIELD_BOOT_MEDIUM, medium);
}

static void compare(struct probe *p)
{
	p->judgement = JUDGE_NONE;
	if (!p->judging)
		p->judging = pages_take(p->fw, sizeof(*p->judging));
	if (p->trouble.used || !p->judging)
		return;
	outcome_step(p, "comparing this host");
	alarm_start(&p->alarm, STORE_SECONDS);
	p->judgement = judge(p->judging, &p->verdict, p->report, p->sequence, p->fw, &p->stick,
	                     p->key[0] ? &p->public : NULL);
	alarm_stop(&p->alarm);
}

/* Clearing the screen must not take the last rows out of what a terminal remembers. */
static void send(const struct probe *p)
{
	console_report(p);
	for (size_t rows = console_rows(p->fw); rows > 0; rows--)
		console_put(p->fw, "\n");
}

/* The summary comes before the driver is restarted: some firmware hangs then. */
static void show(struct probe *p)
{
	if (!delivery_safe(p))
		outcome_not_stored(p);
	if (!delivery_safe(p) || p->config.verbosity == VERBOSITY_FULL)
		send(p);
	screen_summary(p);
}

static void screen_again(const struct probe *p)
{
	screen_summary(p);
	outcome_verified(p);
}

static void read_back(struct probe *p)
{
	if (p->trouble.used == 0) {
		outcome_alarm(p, "restarting the stick's driver");
		alarm_start(&p->alarm, ALARM_SECONDS);
		p->read_back = volume_reopen(&p->stick, p->fw);
		if (!EFI_ERROR(p->read_back))
			p->read_back = store_compare(&p->stick, p->name, &p->text, &p->seal);
		alarm_stop(&p->alarm);
	}
	outcome_verified(p);
	if (EFI_ERROR(p->read_back) && p->trouble.used == 0) {
		send(p);
		screen_again(p);
	}
}

/*
 * Asks drivers too, with a setup of its own that goes into the file only: all else is on the stick
 * and on the screen, so that a driver that never returns costs no more than its answer.
 */
static void ask_drivers(struct probe *p)
{
	void *memory;

	if (p->config.forms != FORMS_DRIVERS || p->trouble.used || !p->report->setup.there ||
	    p->report->setup.none ||
	    EFI_ERROR(p->fw->boot->AllocatePool(EfiLoaderData, sizeof(struct setup), &memory)))
		return;
	forms_free(&p->forms, p->fw);
	outcome_alarm(p, "asking a driver for setup");
	forms_read(memory, &p->forms, p->fw, &p->alarm);
	p->fw->boot->FreePool(memory);
	delivery_forms(p);
	if (EFI_ERROR(p->forms_stored))
		screen_again(p);
}

/* From the values in the report to the stick and the screen. */
static void deliver(struct probe *p)
{
	delivery_put(p, STORE_WHOLE);
	delivery_drop(p);
	delivery_send(p);
	delivery_forms(p);
	delivery_attest(p);
	delivery_end(p);
	compare(p);
	show(p);
	read_back(p);
	ask_drivers(p);
}

/* Finds what a visit left that did not end: sets name to it, and returns true. */
static bool find_unfinished(struct probe *p, char name[static STORE_NAME_MAX + 1],
                            const char *ending)
{
	outcome_alarm(p, "reading the folder of reports");
	alarm_start(&p->alarm, STORE_SECONDS);
	const uint32_t number = unfinished_find(name, ending, p->report, p->fw, &p->stick);
	alarm_stop(&p->alarm);
	return number > 0;
}

/* Returns why only the boot processor is to be asked, or NULL. */
static const char *boot_only(struct probe *p, const char *obstacle)
{
	p->unfinished[0] = '\0';
	if (obstacle)
		return obstacle;
	if (p->config.processors == PROCESSORS_BOOT)
		return "set in cpulevel.conf";
	if (p->config.processors == PROCESSORS_AUTO && p->trouble.used == 0 &&
	    find_unfinished(p, p->unfinished, STORE_BOOT))
		return "an earlier visit did not end";
	return NULL;
}

/* Puts the reason into the report: "boot only: no MP services". */
static void note_boot_only(struct probe *p, const char *why)
{
	char asked[REPORT_STRING_MAX + 1];
	struct text t;

	text_start(&t, asked, sizeof(asked));
	text_put(&t, REPORT_BOOT_ONLY ": ");
	text_put(&t, why);
	report_set(p->report, FIELD_PROCESSORS_ASKED, text_string(&t));
}

static void collect_all(struct probe *p)
{
	if (p->mp.number > 1)
		delivery_keep(p, STORE_BOOT);
	console_put(p->fw, "\n");
	outcome_alarm(p, "asking the processors");
	if (!processors_collect_all(p->report, p->fw, &p->mp, p->config.msr, &p->alarm)) {
		note_boot_only(p, "the firmware is out of memory");
		return;
	}
	p->late |= p->report->silent.count > 0;
	report_set(p->report, FIELD_PROCESSORS_ASKED, "all");
}

/* Returns true, with the cause, if an earlier visit did not come back from reading forms. */
static bool forms_hung(struct probe *p)
{
	char name[STORE_NAME_MAX + 1], why[REPORT_STRING_MAX + 1];
	struct text t;

	if (!find_unfinished(p, name, STORE_BARE))
		return false;
	text_start(&t, why, sizeof(why));
	text_put(&t, "an earlier visit did not end: ");
	text_put(&t, name);
	text_put(&t, " remains of it");
	setup_start(&p->report->setup, text_string(&t));
	return true;
}

/* Firmware's forms may be damaged or endless, so the report without them is on the stick first. */
static void read_forms(struct probe *p)
{
	struct setup *s = &p->report->setup;

	forms_free(&p->forms, p->fw);
	if (p->config.forms == FORMS_OFF)
		return;
	if (!forms_find(p->fw)) {
		setup_start(s, "no HII database");
		return;
	}
	if (forms_hung(p))
		return;
	delivery_keep(p, STORE_BARE);
	if (p->trouble.used) {
		setup_start(s, "the report could not be stored first");
		return;
	}
	outcome_step(p, "reading the setup forms");
	alarm_start(&p->alarm, ALARM_SECONDS);
	forms_read(s, p->config.forms == FORMS_ALL ? &p->forms : NULL, p->fw, NULL);
	alarm_stop(&p->alarm);
}

static void visit(struct probe *p)
{
	const char *obstacle, *why;

	open_stick(p);
	report_start(p->report);
	alarm_start(&p->alarm, STORE_SECONDS);
	settings_read(&p->config, &p->complaints, &p->beside);
	alarm_stop(&p->alarm);
	delivery_start(p);
	obstacle = processors_find(&p->mp, p->fw);
	if (!processors_collect_boot(p->report, p->fw, &p->mp, p->config.msr)) {
		delivery_trouble(p, "CPUID was not read: the firmware is out of memory");
		delivery_end(p);
		outcome_not_stored(p);
		return;
	}
	note_boot_only(p, "visit did not end");
	identify(p);
	delivery_number(p);
	why = boot_only(p, obstacle);
	if (why)
		note_boot_only(p, why);
	else
		collect_all(p);
	read_forms(p);
	deliver(p);
}

static void deliver_again(struct probe *p)
{
	open_stick(p);
	delivery_start(p);
	identify(p);
	delivery_number(p);
	deliver(p);
}

/*
 * Only a setting switches the machine off if the report is not stored anywhere.  If a processor may
 * still run this program, the firmware must not remove it.
 */
static void prepare_menu(struct probe *p)
{
	if (!p->config.exit_set)
		p->config.exit = delivery_safe(p) ? EXIT_OFF : EXIT_WAIT;
	if (p->config.exit == EXIT_RETURN && p->late)
		p->config.exit = EXIT_WAIT;
	outcome_alarm(p, "reading a key");
}

/* Carries out choices until one ends the program, and returns that one. */
static enum choice run_menu(struct probe *p)
{
	enum choice choice;

	prepare_menu(p);
	choice = menu_ask(&p->alarm, &p->config);
	for (;; choice = menu_ask_again(&p->alarm, &p->config)) {
		switch (choice) {
		case CHOICE_PAGES:
			screen_pages(p);
			screen_again(p);
			break;
		case CHOICE_AGAIN:
		case CHOICE_WRITE:
			console_start(p->fw);
			/* Without CPUID there is nothing to write. */
			if (choice == CHOICE_WRITE && p->report->kinds > 0)
				deliver_again(p);
			else
				visit(p);
			break;
		case CHOICE_RETURN:
			if (!p->late)
				return choice;
			screen_again(p);
			console_sentence(p->fw, LATE);
			break;
		case CHOICE_OFF:
		case CHOICE_REBOOT:
			return choice;
		}
		prepare_menu(p);
	}
}

static void finish(struct probe *p)
{
	volume_close(&p->stick);
	tpm_result_free(&p->tpm, p->fw);
	forms_free(&p->forms, p->fw);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *table)
{
	const struct firmware fw = { image, table, table->BootServices };
	struct probe p = { .fw = &fw,
		           .alarm = { .fw = &fw, .rescue = delivery_rescue, .context = &p } };
	enum choice choice = CHOICE_OFF;

	/* Without this the firmware resets the machine after five minutes. */
	fw.boot->SetWatchdogTimer(0, 0, 0, NULL);
	console_start(&fw);
	console_put(&fw, PROGRAM "\n");
	struct large *const large = pages_take(&fw, sizeof(*large));
	if (large) {
		start(&p, large);
		visit(&p);
		choice = run_menu(&p);
	} else {
		console_put(&fw, "No report: the firmware is out of memory.\n");
	}
	finish(&p);
	/* Comes back only if the firmware goes on; otherwise nobody needs the memory. */
	power_do(&fw, choice);
	pages_give(&fw, large, sizeof(*large));
	pages_give(&fw, p.judging, sizeof(*p.judging));
	return EFI_SUCCESS;
}
