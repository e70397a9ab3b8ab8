/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "base/lines.h"
#include "console.h"
#include "host.h"
#include "line.h"
#include "names.h"
#include "outcome.h"
#include "pager.h"
#include "table/feature.h"

/*
 * Rows for what comes below: the seal, the count-down, the menu, the last words.  One more is left
 * for terminals on a serial line, which often have 24 rows where firmware believes in 25.
 */
#define ROWS_BELOW 6

/* This host's deviation. */
static void verdict_rows(struct text *rows, const struct probe *p)
{
	static const uint8_t colour[] = {
		[JUDGE_NONE] = CONSOLE_PLAIN,
		[JUDGE_SAME] = CONSOLE_GOOD,
		[JUDGE_DIFFERS] = CONSOLE_YELLOW,
	};
	char buffer[JUDGE_TEXT_MAX + 1];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_bytes(&t, p->verdict.at, p->verdict.used);
	if (p->verdict.used && text_string(&t))
		line_sentence(rows, (enum console_colour)colour[p->judgement], buffer, ".", "");
}

/* SDM vol. 4, IA32_MISC_ENABLE[22]: if it is set, leaf 0 returns 2 or 3 on any processor. */
static bool leaves_limited(const struct cpuid_set *set)
{
	const uint32_t last = feature_value(set, F_NUMLEVELS);
	char vendor[13];

	cpuid_vendor(set, vendor);
	return (last == 2 || last == 3) && vendor[0] == 'G' && feature_value(set, F_FAMILY) == 6 &&
	       cpuid_model(set) >= 0x0f;
}

/* "WARNING: processors without a response within 1 second: 2 7-9" */
static void silent_row(struct text *rows, const struct probe *p)
{
	static const char words[] = "WARNING: processors without a response within 1 second:";
	const struct report_list *silent = &p->report->silent;
	struct line l;

	if (silent->count == 0)
		return;
	text_start(&l.text, l.bytes, sizeof(l.bytes));
	lines_list_write(&l.text, words, silent->number, silent->count);
	/* One row is enough here; the report has all numbers. */
	for (l.text.used = 0; l.bytes[l.text.used] != '\n';)
		l.text.used++;
	l.bytes[l.text.used] = '\0';
	line_sentence(rows, CONSOLE_BAD, l.bytes, "", "");
}

/* "WARNING: only the boot processor was read: no MP services. Processors by CPUID 2, ACPI 2." */
static void boot_only_row(struct text *rows, const struct probe *p)
{
	static const struct {
		uint8_t field;
		char words[14];
	} told[] = {
		{ FIELD_PROCESSORS_CPUID, "CPUID" },
		{ FIELD_PROCESSORS_ACPI, "ACPI" },
		{ FIELD_PROCESSORS_SMBIOS, "SMBIOS" },
	};
	const struct report *r = p->report;
	char buffer[REPORT_STRING_MAX + 256];
	struct text t;
	bool any = false;

	if (!report_boot_only(r))
		return;
	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, r->field[FIELD_PROCESSORS_ASKED] + sizeof(REPORT_BOOT_ONLY ": ") - 1);
	text_put(&t, p->unfinished[0] ? " (" : "");
	text_put(&t, p->unfinished);
	text_put(&t, p->unfinished[0] ? " remains of it; remove that to ask all)." : ".");
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (!r->known[told[i].field])
			continue;
		text_put(&t, any ? ", " : " Processors there: ");
		text_put(&t, r->field[told[i].field]);
		text_put(&t, " by ");
		text_put(&t, told[i].words);
		any = true;
	}
	text_put(&t, any ? "." : "");
	if (text_string(&t))
		line_sentence(rows, CONSOLE_BAD,
		              "WARNING: only the boot processor was read: ", buffer, "");
}

static void warn(struct text *rows, bool if_so, const char *sentence)
{
	if (if_so)
		line_sentence(rows, CONSOLE_BAD, sentence, "", "");
}

static void warning_rows(struct text *rows, const struct probe *p)
{
	const struct report *r = p->report;
	const struct cpuid_set *set = &r->kind[0].set;

	text_bytes(rows, p->complaints.at, p->complaints.used);
	warn(rows, p->complaints.full, "More lines of cpulevel.conf are ignored.");
	silent_row(rows, p);
	boot_only_row(rows, p);
	if (r->kinds > 0) {
		warn(rows, feature_value(set, F_HYPERVISOR_PRESENT),
		     "WARNING: running in a VM: these values come from the hypervisor.");
		warn(rows, leaves_limited(set),
		     "WARNING: CPUID stops at leaf 2 or 3: check \"Limit CPUID Maximum\" in "
		     "setup.");
	}
	warn(rows, r->kinds > 1,
	     "WARNING: the processors are not identical; the first kind is below, L shows all.");
	warn(rows, p->trouble.used == 0 && !p->renamed,
	     "This firmware cannot rename files: had power failed while the report was written, "
	     "part of it would be there.");
	warn(rows, r->cut != 0,
	     "WARNING: the report is incomplete; its line \"cut\" says what is missing.");
}

/* Writes all there is to say, the most important first.  all: with what "quiet" leaves out. */
static enum console_colour write_rows(struct text *rows, const struct probe *p, bool all)
{
	enum console_colour colour;

	text_start(rows, p->rows.at, p->rows.size);
	colour = outcome_rows(rows, p);
	verdict_rows(rows, p);
	warning_rows(rows, p);
	if (all)
		host_write(rows, p->report);
	outcome_places(rows, p);
	if (all)
		names_write(rows, p->report);
	return colour;
}

void screen_summary(const struct probe *p)
{
	struct text rows;
	const enum console_colour colour =
		write_rows(&rows, p, p->config.verbosity > VERBOSITY_QUIET);

	console_put(p->fw, "\n");
	console_ground(p->fw, colour);
	pager_begin(p->fw, &rows, console_rows(p->fw) - ROWS_BELOW);
	console_colour(p->fw, colour);
	outcome_seal(p);
}

void screen_pages(const struct probe *p)
{
	struct text rows;

	write_rows(&rows, p, true);
	if (pager_show(p->fw, &rows, "the report itself"))
		pager_show(p->fw, &p->text, NULL);
}
