/* SPDX-License-Identifier: MIT */
#include "host.h"

#include "line.h"
#include "report/topology.h"
#include "table/feature_setup.h"
#include "table/level.h"
#include "table/msr.h"

/* Writes a label and a form, in which each "%" becomes the next field. */
static void fields_line(struct text *rows, const struct report *r, const char *label,
                        const char *form, const uint8_t *fields)
{
	struct line l;

	line_start(&l, label);
	for (; *form; form++) {
		if (*form != '%')
			text_bytes(&l.text, form, 1);
		else if (r->known[*fields])
			text_printable(&l.text, r->field[*fields++]);
		else
			text_put(&l.text, (fields++, "unknown"));
	}
	line_end(&l, rows);
}

static void machine_lines(struct text *rows, const struct report *r)
{
	static const uint8_t system[] = { FIELD_SYSTEM_VENDOR, FIELD_SYSTEM_PRODUCT };
	static const uint8_t serial[] = { FIELD_SYSTEM_SERIAL, FIELD_BOARD_SERIAL };
	static const uint8_t bios[] = { FIELD_BIOS_VENDOR, FIELD_BIOS_VERSION, FIELD_BIOS_DATE };
	static const uint8_t label[] = { FIELD_LABEL };

	fields_line(rows, r, "System", "%, %", system);
	fields_line(rows, r, "Serial", "%, board %", serial);
	fields_line(rows, r, "BIOS", "%, %, %", bios);
	if (r->known[FIELD_LABEL])
		fields_line(rows, r, "Label", "%", label);
}

/* The level of all kinds. */
static unsigned lowest_level(const struct report *r)
{
	unsigned lowest = LEVELS;

	for (size_t i = 0; i < r->kinds; i++) {
		const unsigned level = level_of(&r->kind[i].set);

		lowest = level < lowest ? level : lowest;
	}
	return lowest;
}

static void processor_lines(struct text *rows, const struct report *r)
{
	const struct control_value *microcode = &r->kind[0].control.microcode;
	const struct cpuid_set *set = &r->kind[0].set;
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
	line_end(&l, rows);

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
	text_put(&l.text, lowest_level(r) ? ", x86-64-v" : ", not x86-64-v");
	text_decimal(&l.text, lowest_level(r) ? lowest_level(r) : 1);
	line_end(&l, rows);
}

/* Appends ", 3 silent"; nothing if none is. */
static void put_some(struct text *t, size_t count, const char *what)
{
	if (count == 0)
		return;
	text_put(t, ", ");
	text_decimal(t, count);
	text_put(t, what);
}

/* "Topology     2 sockets x 16 cores x 2 threads; 64 processors, identical" */
static void topology_line(struct text *rows, const struct report *r)
{
	struct topology topology;
	struct line l;

	topology_take(&topology, r);
	line_start(&l, "Topology");
	topology_write(&l.text, &topology);
	if (topology.known && !topology.packages_differ && !topology.cores_differ) {
		text_put(&l.text, "; ");
		text_decimal(&l.text, r->processors);
		text_put(&l.text, r->processors == 1 ? " processor" : " processors");
	}
	if (r->kinds > 1)
		put_some(&l.text, r->kinds, " kinds");
	else if (r->processors > 1)
		text_put(&l.text, ", identical");
	put_some(&l.text, r->disabled.count, " disabled");
	put_some(&l.text, r->silent.count, " silent");
	line_end(&l, rows);
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

/* States of a feature: on some kinds of processors it may be on and on others off. */
enum state { STATE_ON, STATE_OFF, STATE_MIXED };

static enum state state_of(const struct report *r, enum feature_id id)
{
	size_t on = 0;

	for (size_t i = 0; i < r->kinds; i++)
		on += feature_value(&r->kind[i].set, id) != 0;
	return on == 0 ? STATE_OFF : on == r->kinds ? STATE_ON : STATE_MIXED;
}

/* "On           AESNI VMX NX" */
static void feature_line(struct text *rows, const struct report *r, enum state state)
{
	static const char label[][6] = {
		[STATE_ON] = "On",
		[STATE_OFF] = "Off",
		[STATE_MIXED] = "Mixed",
	};
	const enum maker maker = maker_of(&r->kind[0].set);
	struct line l;
	bool any = false;

	line_start(&l, label[state]);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		const enum feature_id id = (enum feature_id)shown[i].id;

		if (state_of(r, id) != state ||
		    (state == STATE_OFF && shown[i].maker != MAKER_ANY && shown[i].maker != maker))
			continue;
		text_put(&l.text, any ? " " : "");
		text_put(&l.text, feature_name(id));
		any = true;
	}
	if (state == STATE_OFF)
		text_put(&l.text, " (CPUID reads 0: the processor lacks it, or firmware hides it)");
	if (any)
		line_end(&l, rows);
}

/*
 * "Firmware     has switched off: AESNI (locked until reset)", as model-specific registers say.  A
 * limited number is the setup option that limits it: "has switched on: Limit CPUID Maximum".
 */
static void finding_line(struct text *rows, const struct report_kind *kind, bool limits)
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
		line_end(&l, rows);
}

void host_write(struct text *rows, const struct report *r)
{
	static const uint8_t state[] = { FIELD_SECURE_BOOT, FIELD_TIME };

	machine_lines(rows, r);
	if (r->kinds > 0)
		processor_lines(rows, r);
	topology_line(rows, r);
	if (r->kinds > 0) {
		feature_line(rows, r, STATE_ON);
		feature_line(rows, r, STATE_OFF);
		feature_line(rows, r, STATE_MIXED);
		finding_line(rows, &r->kind[0], false);
		finding_line(rows, &r->kind[0], true);
	}
	fields_line(rows, r, "Secure Boot", "%; clock %", state);
}
