/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include "base/lines.h"
#include "console.h"
#include "table/feature.h"
#include "table/msr.h"

/* "unknown" and every label of a line end before this column. */
#define LABEL_COLUMNS 11

/* A line may be built longer than it is shown: three of the report's strings side by side. */
struct line {
	struct text text;
	char bytes[1024];
};

static void pad(struct text *t, size_t column)
{
	while (t->used < column && !t->full)
		text_put(t, " ");
}

static void line_start(struct line *l, const char *label)
{
	text_start(&l->text, l->bytes, sizeof(l->bytes));
	text_put(&l->text, label);
	pad(&l->text, LABEL_COLUMNS);
}

static void line_end(struct line *l, const struct firmware *fw)
{
	size_t size = l->text.used;

	if (size > CONSOLE_COLUMNS) {
		size = CONSOLE_COLUMNS;
		for (size_t i = size - 3; i < size; i++)
			l->bytes[i] = '.';
	}
	console_bytes(fw, l->bytes, size);
	console_put(fw, "\n");
}

static void put_field(struct text *t, const struct report *r, enum report_field field)
{
	text_printable(t, r->known[field] ? r->field[field] : "unknown");
}

/* A line of fields with words between: "%" stands for the next field. */
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
	line_end(&l, p->fw);
}

static void machine_lines(const struct probe *p)
{
	static const enum report_field system[] = { FIELD_SYSTEM_VENDOR, FIELD_SYSTEM_PRODUCT };
	static const enum report_field serial[] = { FIELD_SYSTEM_SERIAL, FIELD_BOARD_SERIAL };
	static const enum report_field bios[] = { FIELD_BIOS_VENDOR, FIELD_BIOS_VERSION,
		                                  FIELD_BIOS_DATE };
	static const enum report_field label[] = { FIELD_LABEL };
	static const enum report_field state[] = { FIELD_SECURE_BOOT, FIELD_TIME };

	fields_line(p, "System", "%, %", system);
	fields_line(p, "Serial", "%, board %", serial);
	fields_line(p, "BIOS", "%, %, %", bios);
	fields_line(p, "Firmware", "Secure Boot %, its clock says %", state);
	if (p->report->known[FIELD_LABEL])
		fields_line(p, "Label", "%", label);
}

static void processor_line(const struct probe *p, const struct cpuid_set *set)
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
	text_decimal(&l.text, set->count);
	text_put(&l.text, " answers of CPUID");
	line_end(&l, p->fw);
}

static void put_count(struct text *t, size_t count, const char *what)
{
	text_decimal(t, count);
	text_put(t, what);
}

static void count_line(const struct probe *p)
{
	const struct report *r = p->report;
	struct line l;

	line_start(&l, "Counted");
	put_count(&l.text, r->processors, " answered, ");
	put_count(&l.text, r->kinds, r->kinds == 1 ? " kind, " : " kinds, ");
	put_count(&l.text, r->disabled.count, " disabled by firmware, ");
	put_count(&l.text, r->silent.count, " silent");
	line_end(&l, p->fw);
}

/* What firmware setup screens switch, and what people come to look for. */
static const uint16_t switches[] = {
	F_AESNI, F_XSAVE, F_AVX,    F_AVX2, F_AVX512F, F_VMX,    F_SVM,     F_SMX,
	F_SGX,   F_RTM,   F_X2APIC, F_NX,   F_EIST,    F_RDRAND, F_MONITOR,
};

#define SWITCHES_A_LINE 5
#define SWITCH_COLUMNS  13

/* A feature that some kinds of processors have and others do not is worth seeing too. */
static const char *state_of(const struct report *r, enum feature_id id)
{
	size_t on = 0;

	for (size_t i = 0; i < r->kinds; i++)
		on += feature_value(&r->kind[i].set, id) != 0;
	return on == 0 ? "off" : on == r->kinds ? "ON" : "mix";
}

static void switch_lines(const struct probe *p)
{
	const size_t count = sizeof(switches) / sizeof(switches[0]);
	struct line l;

	line_start(&l, "Features");
	text_put(&l.text, "(off: CPUID reads 0, the processor lacks it or firmware hides it)");
	line_end(&l, p->fw);
	for (size_t i = 0; i < count; i++) {
		const size_t place = i % SWITCHES_A_LINE;

		if (place == 0)
			line_start(&l, "");
		pad(&l.text, LABEL_COLUMNS + place * SWITCH_COLUMNS);
		text_put(&l.text, feature_name((enum feature_id)switches[i]));
		text_put(&l.text, " ");
		text_put(&l.text, state_of(p->report, (enum feature_id)switches[i]));
		if (place == SWITCHES_A_LINE - 1 || i + 1 == count)
			line_end(&l, p->fw);
	}
}

/* "Off by firmware: AESNI (locked), VMX (locked)": what registers tell and CPUID may not. */
static void finding_line(const struct probe *p, const struct report_kind *kind)
{
	struct msr_finding f = { .next = 0 };
	struct line l;
	bool any = false;

	line_start(&l, "Firmware");
	while (msr_next(&f, &kind->control, &kind->set)) {
		text_put(&l.text, any ? ", " : "has switched off: ");
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

/* SDM vol. 4, IA32_MISC_ENABLE[22]: with it set leaf 0 says 2 or 3 on any processor. */
static bool leaves_limited(const struct cpuid_set *set)
{
	const uint32_t last = feature_value(set, F_NUMLEVELS);
	char vendor[13];

	cpuid_vendor(set, vendor);
	return (last == 2 || last == 3) && vendor[0] == 'G' && feature_value(set, F_FAMILY) == 6 &&
	       cpuid_model(set) >= 0x0f;
}

/* "WARNING: gave no answer within a second: 2 7-9" */
static void silent_line(const struct probe *p)
{
	static const char words[] = "WARNING: gave no answer within a second:";
	const struct report_list *silent = &p->report->silent;
	struct line l;

	if (silent->count == 0)
		return;
	text_start(&l.text, l.bytes, sizeof(l.bytes));
	lines_list_write(&l.text, words, silent->number, silent->count);
	/* A longer list goes on in another line, which the report has. */
	for (l.text.used = 0; l.bytes[l.text.used] != '\n';)
		l.text.used++;
	line_end(&l, p->fw);
}

static void warning_lines(const struct probe *p, const struct cpuid_set *set)
{
	if (feature_value(set, F_HYPERVISOR_PRESENT))
		console_sentence(p->fw, "WARNING: under a hypervisor: these are its answers, not "
		                        "the hardware's.");
	if (leaves_limited(set))
		console_sentence(p->fw, "WARNING: CPUID ends at leaf 2 or 3: is \"Limit CPUID "
		                        "Maxval\" on in setup?");
	if (p->report->kinds > 1)
		console_sentence(p->fw, "WARNING: the processors differ from one another; above "
		                        "is the first kind.");
	if (p->report->cut)
		console_sentence(p->fw, "WARNING: not everything fitted into the report, which "
		                        "says what is missing.");
}

static void stored_lines(const struct probe *p)
{
	struct line l;

	line_start(&l, "Report");
	text_put(&l.text, "\\cpulevel\\reports\\");
	text_put(&l.text, p->name);
	line_end(&l, p->fw);
	line_start(&l, "");
	text_decimal(&l.text, p->text.used);
	text_put(&l.text, " bytes, sealed with key ");
	text_put(&l.text, p->key);
	text_put(&l.text, ", read back and compared");
	line_end(&l, p->fw);
}

/* "The stick is full: the report was not stored." */
void screen_trouble(const struct probe *p)
{
	char buffer[sizeof(p->trouble_bytes) + 64];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	text_bytes(&t, p->trouble.at, p->trouble.used);
	if (buffer[0] >= 'a' && buffer[0] <= 'z')
		buffer[0] = (char)(buffer[0] - 'a' + 'A');
	text_put(&t, p->seal.used ? ": the report was not stored."
	                          : ": the report was not sealed and not stored.");
	if (text_string(&t))
		console_sentence(p->fw, buffer);
}

void screen_summary(const struct probe *p)
{
	const struct report_kind *kind = &p->report->kind[0];

	console_put(p->fw, "\n");
	if (p->config.verbosity > VERBOSITY_QUIET) {
		machine_lines(p);
		if (p->report->kinds > 0)
			processor_line(p, &kind->set);
		count_line(p);
		if (p->report->kinds > 0) {
			switch_lines(p);
			finding_line(p, kind);
		}
	}
	silent_line(p);
	if (p->report->kinds > 0)
		warning_lines(p, &kind->set);
	if (p->trouble.used)
		screen_trouble(p);
	else
		stored_lines(p);
	verdict_lines(p);
}
