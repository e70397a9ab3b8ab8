/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "base/lines.h"
#include "console.h"
#include "line.h"
#include "outcome.h"
#include "report/topology.h"
#include "table/feature_setup.h"
#include "table/msr.h"

static void put_field(struct text *t, const struct report *r, enum report_field field)
{
	text_printable(t, r->known[field] ? r->field[field] : "unknown");
}

/* Writes a label and a form, in which each "%" becomes the next field. */
static void fields_line(const struct probe *p, const char *label, const char *form,
                        const enum report_field *fields)
{
	struct line l;

	line_start(&l, label);
	for (; *form; form++) {
		if (*form == '%')
			put_field(&l.text, p->report, *fields++);
		else
			text_bytes(&l.text, form, 1);
	}
	line_cut(&l, p->fw);
}

static void machine_lines(const struct probe *p)
{
	static const enum report_field system[] = { FIELD_SYSTEM_VENDOR, FIELD_SYSTEM_PRODUCT };
	static const enum report_field serial[] = { FIELD_SYSTEM_SERIAL, FIELD_BOARD_SERIAL };
	static const enum report_field bios[] = { FIELD_BIOS_VENDOR, FIELD_BIOS_VERSION,
		                                  FIELD_BIOS_DATE };
	static const enum report_field label[] = { FIELD_LABEL };
	static const enum report_field secure_boot[] = { FIELD_SECURE_BOOT };
	static const enum report_field clock[] = { FIELD_TIME };

	fields_line(p, "System", "%, %", system);
	fields_line(p, "Serial", "%, board %", serial);
	fields_line(p, "BIOS", "%, %, %", bios);
	fields_line(p, "Secure Boot", "%", secure_boot);
	fields_line(p, "Clock", "%", clock);
	if (p->report->known[FIELD_LABEL])
		fields_line(p, "Label", "%", label);
}

/* The set has an entry for each subleaf; the first of a leaf is counted. */
static size_t count_leaves(const struct cpuid_set *set)
{
	size_t leaves = 0;

	for (size_t i = 0; i < set->count; i++)
		leaves += i == 0 || set->at[i].leaf != set->at[i - 1].leaf;
	return leaves;
}

static void processor_lines(const struct probe *p, const struct cpuid_set *set)
{
	const struct control_value *microcode = &p->report->kind[0].control.microcode;
	char vendor[13], brand[49];
	const char *at = brand;
	struct line l;

	cpuid_vendor(set, vendor);
	cpuid_brand(set, brand);
	while (*at == ' ')
		at++;
	line_start(&l, "Processor");
	text_printable(&l.text, vendor);
	text_put(&l.text, ", ");
	text_printable(&l.text, at);
	line_end(&l, p->fw);

	line_start(&l, "");
	text_put(&l.text, "family ");
	text_decimal(&l.text, cpuid_family(set));
	text_put(&l.text, " model ");
	text_decimal(&l.text, cpuid_model(set));
	text_put(&l.text, " stepping ");
	text_decimal(&l.text, feature_value(set, F_STEPPING));
	if (microcode->known) {
		text_put(&l.text, ", microcode ");
		text_hex(&l.text, microcode->value, 1);
	}
	text_put(&l.text, ", ");
	text_decimal(&l.text, count_leaves(set));
	text_put(&l.text, " CPUID leaves");
	line_end(&l, p->fw);
}

/* Appends "none silent" or "3 silent". */
static void put_count(struct text *t, size_t count, const char *what)
{
	if (count == 0)
		text_put(t, "none");
	else
		text_decimal(t, count);
	text_put(t, what);
}

/* "Processors   4 (identical; none disabled, none silent)" */
static void count_line(const struct probe *p)
{
	const struct report *r = p->report;
	struct line l;

	line_start(&l, "Processors");
	text_decimal(&l.text, r->processors);
	text_put(&l.text, " (");
	if (r->kinds > 1)
		put_count(&l.text, r->kinds, " kinds; ");
	else if (r->processors > 1)
		text_put(&l.text, "identical; ");
	put_count(&l.text, r->disabled.count, " disabled, ");
	put_count(&l.text, r->silent.count, " silent)");
	line_end(&l, p->fw);
}

/* "             1 package, 4 cores, 8 processors" */
static void topology_line(const struct probe *p)
{
	struct topology topology;
	struct line l;

	topology_take(&topology, p->report);
	if (!topology.known || topology.partial)
		return;
	line_start(&l, "");
	topology_write(&l.text, &topology);
	line_end(&l, p->fw);
}

/*
 * Features that setup options can switch off, and others that people look for.  AMD's processors
 * never have those of Intel, and the other way round: these are shown only if they are on.
 */
enum maker { MAKER_ANY, MAKER_AMD, MAKER_INTEL };

static const struct {
	uint16_t id;
	uint8_t maker;
} shown[] = {
	{ F_AESNI, MAKER_ANY },  { F_XSAVE, MAKER_ANY },   { F_AVX, MAKER_ANY },
	{ F_AVX2, MAKER_ANY },   { F_AVX512F, MAKER_ANY }, { F_VMX, MAKER_INTEL },
	{ F_SVM, MAKER_AMD },    { F_SMX, MAKER_INTEL },   { F_SGX, MAKER_INTEL },
	{ F_RTM, MAKER_INTEL },  { F_X2APIC, MAKER_ANY },  { F_NX, MAKER_ANY },
	{ F_EIST, MAKER_INTEL }, { F_RDRAND, MAKER_ANY },  { F_MONITOR, MAKER_ANY },
};

/* Zhaoxin and VIA have what Intel has, Hygon what AMD has. */
static enum maker maker_of(const struct cpuid_set *set)
{
	char vendor[13];

	cpuid_vendor(set, vendor);
	return vendor[0] == 'A' || vendor[0] == 'H' ? MAKER_AMD : MAKER_INTEL;
}

#define SHOWN_A_LINE  5
#define SHOWN_COLUMNS 13

/* "mixed": some kinds of processors have the feature and others do not. */
static const char *state_of(const struct report *r, enum feature_id id)
{
	size_t on = 0;

	for (size_t i = 0; i < r->kinds; i++)
		on += feature_value(&r->kind[i].set, id) != 0;
	return on == 0 ? "off" : on == r->kinds ? "ON" : "mixed";
}

static void feature_lines(const struct probe *p)
{
	const size_t count = sizeof(shown) / sizeof(shown[0]);
	const enum maker maker = maker_of(&p->report->kind[0].set);
	size_t column = 0;
	struct line l;

	line_start(&l, "Features");
	text_put(&l.text, "off = CPUID reads 0: processor lacks it, or firmware hides it");
	line_end(&l, p->fw);
	for (size_t i = 0; i < count; i++) {
		const enum feature_id id = (enum feature_id)shown[i].id;
		const char *state = state_of(p->report, id);

		if (shown[i].maker != MAKER_ANY && shown[i].maker != maker && *state == 'o')
			continue;
		if (column == 0)
			line_start(&l, "");
		line_pad(&l.text, LABEL_COLUMNS + column * SHOWN_COLUMNS);
		text_put(&l.text, feature_name(id));
		text_put(&l.text, " ");
		text_put(&l.text, state);
		if (++column == SHOWN_A_LINE) {
			line_end(&l, p->fw);
			column = 0;
		}
	}
	if (column)
		line_end(&l, p->fw);
}

/*
 * "Firmware     has switched off: AESNI (locked until reset)", as model-specific registers say.  A
 * limited number is the setup option that limits it: "has switched on: Limit CPUID Maximum".
 */
static void finding_line(const struct probe *p, const struct report_kind *kind, bool limits)
{
	struct msr_finding f = { .next = 0 };
	struct line l;
	bool any = false;

	line_start(&l, "Firmware");
	while (msr_next(&f, &kind->control, &kind->set)) {
		if (limits != (features[f.id].kind == KIND_FIELD))
			continue;
		text_put(&l.text, any ? ", " : limits ? "has switched on: " : "has switched off: ");
		if (limits)
			feature_setup_put(&l.text, f.id);
		else
			text_put(&l.text, feature_name(f.id));
		text_put(&l.text, f.locked ? " (locked until reset)" : "");
		any = true;
	}
	if (any)
		line_end(&l, p->fw);
}

static void verdict_lines(const struct probe *p)
{
	static const uint8_t colour[] = {
		[JUDGE_NONE] = CONSOLE_PLAIN,
		[JUDGE_SAME] = CONSOLE_GOOD,
		[JUDGE_DIFFERS] = CONSOLE_BAD,
	};
	char buffer[JUDGE_TEXT_MAX + 2];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_bytes(&t, p->verdict.at, p->verdict.used);
	text_put(&t, ".");
	if (p->verdict.used == 0 || !text_string(&t))
		return;
	console_colour(p->fw, (enum console_colour)colour[p->judgement]);
	console_sentence(p->fw, buffer);
	console_colour(p->fw, CONSOLE_PLAIN);
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
static void silent_line(const struct probe *p)
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
	line_cut(&l, p->fw);
}

/* "WARNING: only the boot processor was read: no MP services. Processors by CPUID 2, ACPI 2." */
static void boot_only_line(const struct probe *p)
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
		outcome_sentence(p->fw, "WARNING: only the boot processor was read: ", buffer, "");
}

static void warning_lines(const struct probe *p, const struct cpuid_set *set)
{
	if (feature_value(set, F_HYPERVISOR_PRESENT))
		console_sentence(p->fw, "WARNING: running in a VM: these values come from the "
		                        "hypervisor.");
	if (leaves_limited(set))
		console_sentence(p->fw, "WARNING: CPUID stops at leaf 2 or 3: check \"Limit CPUID "
		                        "Maximum\" in setup.");
	if (p->report->kinds > 1)
		console_sentence(p->fw, "WARNING: the processors are not identical; the first "
		                        "kind is shown above.");
	if (p->trouble.used == 0 && !p->renamed)
		console_sentence(p->fw, "This firmware cannot rename files: had power failed while "
		                        "the report was written, part of it would be there.");
	if (p->report->cut)
		console_sentence(p->fw, "WARNING: the report is incomplete; its line \"cut\" says "
		                        "what is missing.");
}

void screen_summary(const struct probe *p)
{
	const struct report_kind *kind = &p->report->kind[0];

	console_put(p->fw, "\n");
	if (p->config.verbosity > VERBOSITY_QUIET) {
		machine_lines(p);
		if (p->report->kinds > 0)
			processor_lines(p, &kind->set);
		count_line(p);
		topology_line(p);
		if (p->report->kinds > 0) {
			feature_lines(p);
			finding_line(p, kind, false);
			finding_line(p, kind, true);
		}
	}
	silent_line(p);
	boot_only_line(p);
	if (p->report->kinds > 0)
		warning_lines(p, &kind->set);
	outcome_collected(p);
	outcome_tpm(p);
	verdict_lines(p);
	if (p->trouble.used == 0)
		outcome_report(p);
	else if (!p->collect.stored)
		outcome_not_stored(p, p->text.used ? " It was sent over the console." : "");
}
