/* SPDX-License-Identifier: MIT */
#include "report/cpuid_r.h"
#include "report/report.h"
#include "unit.h"

static char first[REPORT_TEXT_MAX], second[REPORT_TEXT_MAX];
static struct report a, b;
static const struct control unknown;

static size_t write_first(const struct report *r)
{
	struct text t;

	text_start(&t, first, sizeof(first));
	report_write(&t, r);
	assert_false(t.full);
	return t.used;
}

static void read_ok(struct report *r, const char *text, size_t size)
{
	struct where where;
	const enum err err = report_read(r, text, size, &where);

	if (err != ERR_NONE)
		fail_msg("line %zu, column %zu: %s", where.line, where.column, err_text(err));
}

/* Writes a, reads the text into b, writes b: texts and sets must be equal. */
static size_t round_trip(void)
{
	static struct cpuid_set x, y;
	const size_t size = write_first(&a);
	struct text t;

	read_ok(&b, first, size);
	text_start(&t, second, sizeof(second));
	report_write(&t, &b);
	assert_int_equal(t.used, size);
	assert_memory_equal(first, second, size);
	assert_int_equal(a.processors, b.processors);
	for (size_t i = 0; i < a.processors; i++) {
		report_processor_set(&a, i, &x);
		report_processor_set(&b, i, &y);
		assert_int_equal(cpuid_compare(&x, &y), 0);
	}
	return size;
}

static void a_processor_with_apic_id(struct cpuid_set *set, uint32_t id)
{
	*set = story_ivy;
	put(set, 1, 0, EBX, id << 24 | 0x100800);
	for (uint32_t level = 0; level < 3; level++) {
		put(set, 0xb, level, ECX, level < 2 ? (level + 1) << 8 | level : level);
		put(set, 0xb, level, EDX, id);
	}
}

static void identical_processors_are_one_kind(void **state)
{
	static struct cpuid_set set, back;

	(void)state;
	report_start(&a);
	for (uint32_t i = 0; i < 4; i++) {
		a_processor_with_apic_id(&set, i * 2);
		assert_true(report_add(&a, (uint16_t)i, &unknown, &set));
	}
	assert_int_equal(a.kinds, 1);
	round_trip();
	for (uint32_t i = 0; i < 4; i++) {
		a_processor_with_apic_id(&set, i * 2);
		report_processor_set(&b, i, &back);
		assert_int_equal(cpuid_compare(&set, &back), 0);
	}
	assert_non_null(strstr(first, "vary 00000001 00 ebx\n"
	                              "values 00100800 02100800 04100800 06100800\n"
	                              "vary 0000000b 00 edx\n"));
}

static void different_processors_are_different_kinds(void **state)
{
	static struct cpuid_set p_core, e_core;
	struct control osxsave = { .cr4 = { true, 0x40668 }, .xcr0 = { true, 7 } };

	(void)state;
	report_start(&a);
	a_processor_with_apic_id(&p_core, 0);
	a_processor_with_apic_id(&e_core, 0);
	put(&e_core, 7, 0, EBX, 0x280);
	for (uint16_t i = 0; i < 8; i++)
		assert_true(report_add(&a, i, &unknown, i % 3 ? &e_core : &p_core));
	assert_true(report_add(&a, 9, &osxsave, &p_core));
	assert_int_equal(a.kinds, 3);
	round_trip();
	assert_non_null(strstr(first, "kind 0\nmembers 0 3 6\ncr4 unknown\n"));
	assert_non_null(strstr(first, "kind 1\nmembers 1-2 4-5 7\n"));
	assert_non_null(strstr(first, "kind 2\nmembers 9\ncr4 40668\nxcr0 7\nmicrocode unknown\n"));
}

/* The boot processor's flag in APIC_BASE does not make a kind of its own; a lock does. */
static void different_msrs_make_a_kind(void **state)
{
	const struct control boot = {
		.msrs = 2, .msr = { { 0x1b, { true, 0xfee00900 } }, { 0x3a, { true, 5 } } }
	};
	struct control other = boot;

	(void)state;
	report_start(&a);
	report_add(&a, 0, &boot, &story_ivy);
	other.msr[0].value.value = 0xfee00800;
	report_add(&a, 1, &other, &story_ivy);
	assert_int_equal(a.kinds, 1);
	other.msr[1].value.value = 1;
	report_add(&a, 2, &other, &story_ivy);
	other.msr[1].value.known = false;
	report_add(&a, 3, &other, &story_ivy);
	other.msrs = 1;
	report_add(&a, 4, &other, &story_ivy);
	assert_int_equal(a.kinds, 4);
	round_trip();
	assert_non_null(
		strstr(first, "microcode unknown\nmsr 0000001b fee00900\nmsr 0000003a 5\ncpuid"));
	assert_non_null(strstr(first, "msr 0000001b fee00800\nmsr 0000003a unknown\ncpuid"));
}

static void only_mirrored_bits_of_cr4_make_a_kind(void **state)
{
	const struct control boot = { .cr4 = { true, 0x668 } };
	const struct control other = { .cr4 = { true, 0x660 } };

	(void)state;
	report_start(&a);
	report_add(&a, 0, &boot, &story_ivy);
	report_add(&a, 1, &other, &story_ivy);
	assert_int_equal(a.kinds, 1);
	round_trip();
}

static void set_everything(void)
{
	for (unsigned field = 0; field < FIELD_COUNT; field++)
		report_set(&a, (enum report_field)field, "a \"quoted\" \\ \x01\xff string");
	report_set_decimal(&a, FIELD_SEQUENCE, UINT64_MAX);
	report_set_decimal(&a, FIELD_PROCESSORS_CPUID, UINT64_MAX);
	report_set_decimal(&a, FIELD_PROCESSORS_ACPI, 0);
	report_set_decimal(&a, FIELD_PROCESSORS_SMBIOS, 1);
	report_set(&a, FIELD_TIME, "1970-01-01T00:00:00+01:00");
	report_set_hex(&a, FIELD_FIRMWARE_REVISION, 0x10000);
	report_set_hex(&a, FIELD_UEFI_REVISION, 0);
}

static void fields_and_lists(void **state)
{
	(void)state;
	report_start(&a);
	set_everything();
	for (uint16_t i = 0; i < 300; i++)
		report_list_add(&a, &a.disabled, (uint16_t)(2 * i));
	for (uint16_t i = 0; i < 7; i++)
		report_list_add(&a, &a.silent, (uint16_t)(1000 + i));
	a.cut = CUT_KINDS | CUT_STRINGS;
	assert_true(report_add(&a, 5, &unknown, &story_atom));
	const size_t size = round_trip();
	assert_non_null(strstr(first, "silent 1000-1006\ncut kinds strings\n"));
	assert_string_equal(b.field[FIELD_LABEL], a.field[FIELD_LABEL]);
	/* A serial console wraps at 80; strings may be longer. */
	for (const char *line = first; line < first + size; line = strchr(line, '\n') + 1)
		if (!memchr(line, '"', strcspn(line, "\n")))
			assert_true(strcspn(line, "\n") <= 79);
}

static void a_long_string_is_cut_and_noted(void **state)
{
	char string[300];

	(void)state;
	memset(string, 'x', sizeof(string));
	string[sizeof(string) - 1] = '\0';
	report_start(&a);
	report_set(&a, FIELD_LABEL, string);
	assert_int_equal(a.cut, CUT_STRINGS);
	report_add(&a, 0, &unknown, &story_atom);
	round_trip();
}

static void thousands_of_processors_fit_and_more_are_cut(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	for (uint32_t i = 0; i < REPORT_PROCESSORS_MAX; i++) {
		a_processor_with_apic_id(&set, i);
		assert_true(report_add(&a, (uint16_t)i, &unknown, &set));
	}
	assert_false(report_add(&a, REPORT_PROCESSORS_MAX, &unknown, &set));
	assert_int_equal(a.cut, CUT_PROCESSORS);
	round_trip();
}

static void a_large_server_stays_small(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	for (uint32_t i = 0; i < 512; i++) {
		a_processor_with_apic_id(&set, i);
		for (uint32_t level = 0; level < 6; level++)
			put(&set, 0x1f, level, EDX, i);
		for (uint32_t leaf = 0x80000009; leaf < 0x80000029; leaf++)
			put(&set, leaf, 0, EAX, leaf);
		assert_true(report_add(&a, (uint16_t)i, &unknown, &set));
	}
	assert_true(round_trip() < 100 * 1024);
}

static void make_full(struct cpuid_set *set, uint32_t salt)
{
	set->count = 0;
	for (uint32_t i = 0; i < REPORT_VARY_MAX; i++)
		put(set, 0x1f, i, EDX, salt);
	for (uint32_t i = 0; set->count < CPUID_SET_MAX; i++)
		put(set, 0x1000 + i, 0, EAX, salt << 16 | i);
}

/* Setup lines up to their limit in bytes, in strings that take most when they are escaped. */
static void fill_setup(struct setup *s)
{
	char prompt[REPORT_STRING_MAX + 1];
	struct setup_question q = { .path = "p", .prompt = prompt, .value = { .text = "v" } };

	memset(prompt, 1, REPORT_STRING_MAX);
	prompt[REPORT_STRING_MAX] = '\0';
	setup_start(s, NULL);
	while (setup_add(s, &q))
		s->found++;
	for (char *end = prompt; s->bytes < SETUP_TEXT_MAX && s->count < SETUP_MAX;) {
		*++end = '\0';
		if (!setup_add(s, &q))
			break;
		s->found++;
	}
	s->chosen = s->found;
	assert_true(s->bytes > SETUP_TEXT_MAX - SETUP_LINES_MAX);
}

static void the_largest_report_fits(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	set_everything();
	for (unsigned field = 0; field < FIELD_COUNT; field++)
		if (a.field[field][0] == 'a')
			memset(a.field[field], 1, REPORT_STRING_MAX);
	for (uint32_t i = 0; i < REPORT_PROCESSORS_MAX; i++) {
		make_full(&set, i % REPORT_KINDS_MAX);
		for (uint32_t level = 0; level < REPORT_VARY_MAX; level++)
			put(&set, 0x1f, level, EDX, i);
		assert_true(report_add(&a, (uint16_t)(15 * i), &unknown, &set));
		report_list_add(&a, &a.disabled, (uint16_t)(15 * i + 1));
		report_list_add(&a, &a.silent, (uint16_t)(15 * i + 3));
	}
	make_full(&set, 99);
	assert_false(report_add(&a, 65000, &unknown, &set));
	assert_true(a.cut & CUT_PROCESSORS);
	assert_int_equal(a.kinds, REPORT_KINDS_MAX);
	a.cut = CUT_LEAVES | CUT_KINDS | CUT_PROCESSORS | CUT_STRINGS;
	fill_setup(&a.setup);
	round_trip();
}

static void more_kinds_join_the_nearest(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	for (uint16_t i = 0; i < REPORT_KINDS_MAX; i++) {
		set = story_atom;
		put(&set, 0x16, 0, EAX, i);
		assert_true(report_add(&a, i, &unknown, &set));
	}
	for (size_t i = 0; i < a.kinds; i++)
		assert_false(report_kind_differs(&a, i));
	/* Other values of a few registers: of the nearest kind, which is the last. */
	put(&set, 0x16, 0, EBX, 7);
	for (uint16_t i = 0; i < 100; i++) {
		put(&set, 0x16, 0, ECX, i);
		assert_true(report_add(&a, (uint16_t)(100 + i), &unknown, &set));
	}
	assert_int_equal(a.cut, 0);
	assert_int_equal(a.kinds, REPORT_KINDS_MAX);
	assert_int_equal(a.kind[REPORT_KINDS_MAX - 1].members, 101);
	assert_true(report_kind_differs(&a, REPORT_KINDS_MAX - 1));
	report_processor_set(&a, REPORT_KINDS_MAX - 1, &set);
	assert_int_equal(cpuid_value(&set, 0x16, 0, EBX), 0);
	for (uint16_t i = 0; i < 100; i++) {
		report_processor_set(&a, (size_t)(REPORT_KINDS_MAX + i), &set);
		assert_int_equal(cpuid_value(&set, 0x16, 0, EBX), 7);
		assert_int_equal(cpuid_value(&set, 0x16, 0, ECX), i);
	}
	round_trip();
	/* Another leaf, or more registers than there is room for. */
	assert_false(report_add(&a, 300, &unknown, &story_atom));
	assert_int_equal(a.cut, CUT_KINDS);
	round_trip();
}

/* A processor whose registers were not all read is of another kind than one with zeros there. */
static void unknown_bits_make_a_kind(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	assert_true(report_add(&a, 0, &unknown, &story_ivy));
	set = story_ivy;
	set.at[1].unknown[EBX] = 1;
	assert_true(report_add(&a, 1, &unknown, &set));
	/* As many leaves, of which one is another. */
	set = story_ivy;
	set.at[2].leaf = 6;
	assert_true(report_add(&a, 2, &unknown, &set));
	assert_int_equal(a.kinds, 3);
}

/* Such processors join no full list of kinds either: the report would say that they are alike. */
static void processors_that_no_kind_fits_are_cut(void **state)
{
	static struct cpuid_set set;

	(void)state;
	report_start(&a);
	for (uint16_t i = 0; i < REPORT_KINDS_MAX; i++) {
		set = story_ivy;
		put(&set, 0x16, 0, EAX, i);
		assert_true(report_add(&a, i, &unknown, &set));
	}
	set.at[1].unknown[EBX] = 1;
	assert_false(report_add(&a, 100, &unknown, &set));
	set = story_ivy;
	put(&set, 0x15, 0, EAX, 1);
	assert_false(report_add(&a, 101, &unknown, &set));
	assert_int_equal(a.cut, CUT_KINDS);
	assert_int_equal(a.processors, REPORT_KINDS_MAX);
}

static void a_full_list_is_cut_and_noted(void **state)
{
	(void)state;
	report_start(&a);
	for (uint32_t i = 0; i < REPORT_PROCESSORS_MAX; i++)
		report_list_add(&a, &a.silent, (uint16_t)i);
	assert_int_equal(a.cut, 0);
	report_list_add(&a, &a.silent, REPORT_PROCESSORS_MAX);
	assert_int_equal(a.cut, CUT_PROCESSORS);
	assert_int_equal(a.silent.count, REPORT_PROCESSORS_MAX);
}

static void a_buffer_too_small_is_an_error(void **state)
{
	struct text t;

	(void)state;
	report_start(&a);
	report_add(&a, 0, &unknown, &story_atom);
	const size_t size = write_first(&a);
	for (size_t room = 0; room < size; room++) {
		text_start(&t, second, room);
		report_write(&t, &a);
		assert_true(t.full);
	}
}

static const char good[] =
	"cpulevel-report 1\nprogram unknown\norigin unknown\nsource unknown\nlabel unknown\n"
	"sequence unknown\ntime unknown\nsystem-vendor unknown\nsystem-product unknown\n"
	"system-version unknown\nsystem-serial unknown\nsystem-uuid unknown\nboard-vendor unknown\n"
	"board-product unknown\nboard-version unknown\nboard-serial unknown\n"
	"chassis-vendor unknown\nchassis-version unknown\nchassis-serial unknown\n"
	"chassis-asset unknown\nbios-vendor unknown\n"
	"bios-version unknown\nbios-date unknown\nfirmware-vendor unknown\n"
	"firmware-revision unknown\nuefi-revision unknown\nsecure-boot unknown\n"
	"boot-medium unknown\nmsr-access unknown\n"
	"processors 3\ndisabled none\nsilent none\ncut none\n"
	"kind 0\nmembers 0 2\ncr4 668\nxcr0 unknown\nmicrocode unknown\n"
	"msr 0000001b fee00900\nmsr 0000013c unknown\n"
	"cpuid 00000000 00 00000001 756e6547 6c65746e 49656e69\n"
	"cpuid 00000001 00 000306a9 00100800 7fbae3ff bfebfbff\n"
	"vary 00000001 00 ebx\nvalues 00100800 02100800\n"
	"kind 1\nmembers 1\ncr4 unknown\nxcr0 unknown\nmicrocode unknown\n"
	"cpuid 00000000 00 00000000 756e6547 6c65746e 49656e69\n"
	"end\n";

/* The good text with one part replaced: what is wrong, and where. */
static const struct bad_case {
	const char *from, *to;
	enum err err;
	size_t line, column;
} bad_cases[] = {
	{ "cpulevel-report", "cpulevel-rapport", ERR_NOT_REPORT, 0, 0 },
	{ "report 1\n", "report 4\n", ERR_VERSION, 1, 17 },
	{ "report 1\n", "report 2\n", ERR_WORD, 30, 1 },
	{ "report 1\n", "report 1\r\n", ERR_CR, 1, 18 },
	{ "label unknown", "label", ERR_SPACE, 5, 6 },
	{ "label unknown", "label  unknown", ERR_STRING, 5, 7 },
	{ "label unknown", "label \"\x07\"", ERR_BYTE, 5, 8 },
	{ "label unknown", "label \"\\x41\"", ERR_ESCAPE, 5, 12 },
	{ "label unknown", "label \"\\xAB\"", ERR_HEX, 5, 10 },
	{ "label unknown\n", "", ERR_WORD, 5, 1 },
	{ "label unknown", "label \"a", ERR_STRING, 5, 9 },
	{ "sequence unknown", "sequence 007", ERR_DECIMAL, 6, 11 },
	{ "sequence unknown", "sequence 99999999999999999999", ERR_RANGE, 6, 10 },
	{ "time unknown", "time 2026-11-22", ERR_TIME, 7, 16 },
	{ "time unknown", "time 2026-11-22T10:00:00z", ERR_LINE_END, 7, 25 },
	{ "firmware-revision unknown", "firmware-revision 0010", ERR_SPELLING, 25, 20 },
	{ "processors 3", "processors 4", ERR_PROCESSORS, 51, 1 },
	{ "processors 3", "processors 5000", ERR_RANGE, 30, 12 },
	{ "disabled none", "disabled 3-3", ERR_LIST_ORDER, 31, 10 },
	{ "disabled none", "disabled 3 4", ERR_SPELLING, 31, 12 },
	{ "disabled none", "disabled 4 3", ERR_LIST_ORDER, 31, 12 },
	{ "disabled none", "disabled 70000", ERR_RANGE, 31, 10 },
	{ "disabled none", "disabled 1\ndisabled 3", ERR_SPELLING, 32, 10 },
	{ "cut none", "cut strings leaves", ERR_LINE_END, 33, 12 },
	{ "kind 1", "kind 2", ERR_ORDER, 45, 6 },
	{ "members 1\n", "members 2\n", ERR_MEMBER_TWICE, 47, 1 },
	{ "members 1\n", "members none\n", ERR_NO_MEMBERS, 46, 1 },
	{ "members 0 2", "members 2-3", ERR_ORDER, 46, 1 },
	{ "cr4 668", "cr4 0668", ERR_SPELLING, 36, 6 },
	{ "msr 0000013c", "msr 0000001b", ERR_MSR_ORDER, 40, 1 },
	{ "msr 0000013c", "msr 13c", ERR_HEX, 40, 8 },
	{ "fee00900", "0fee00900", ERR_SPELLING, 39, 15 },
	{ "msr 0000013c unknown", "msr 0000013c", ERR_SPACE, 40, 13 },
	{ "cpuid 00000001 00", "cpuid 00000000 00", ERR_ORDER, 42, 7 },
	{ "cpuid 00000001 00 000306a9", "cpuid 00000001 00 000306A9", ERR_HEX, 42, 25 },
	{ "cpuid 00000001 00 000306a9", "cpuid 00000001 00 000306a", ERR_HEX, 42, 26 },
	{ "vary 00000001 00 ebx", "vary 00000001 00 esp", ERR_WORD, 43, 18 },
	{ "vary 00000001 00 ebx", "vary 00000002 00 ebx", ERR_NO_SUCH_LEAF, 43, 1 },
	{ "values 00100800 02100800", "values 00100800 00100800", ERR_SPELLING, 44, 1 },
	{ "values 00100800 02100800", "values 00100801 02100800", ERR_SPELLING, 44, 1 },
	{ "values 00100800 02100800", "values 00100800", ERR_VALUES, 45, 1 },
	{ "values 00100800 02100800", "values 00100800 02100800 03", ERR_LINE_END, 44, 25 },
	{ "values 00100800 02100800", "values 00100800 02100800\nvary 00000001 00 ebx", ERR_ORDER,
	  45, 1 },
	{ "values 00100800 02100800", "values 00100800 02100800\nvary 00000000 00 ebx", ERR_ORDER,
	  45, 1 },
	{ "values 00100800 02100800", "values 00100800 02100800\nvary 00000001 00 eax", ERR_ORDER,
	  45, 1 },
	{ "label unknown", "label \"\\t\"", ERR_ESCAPE, 5, 9 },
	{ "label unknown", "label \"\\x00\"", ERR_ESCAPE, 5, 12 },
	{ "sequence unknown", "sequence 18446744073709551616", ERR_RANGE, 6, 10 },
	{ "sequence unknown", "sequence x", ERR_DECIMAL, 6, 10 },
	{ "disabled none", "disabled 0-4096", ERR_LONG_LIST, 31, 10 },
	{ "end\n", "", ERR_END, 51, 1 },
	{ "end\n", "end", ERR_END, 51, 4 },
	{ "end\n", "end\n\n", ERR_TRAILING, 52, 1 },
};

static void bad_reports_are_refused_with_the_place(void **state)
{
	char text[sizeof(good) + 64];

	(void)state;
	read_ok(&a, good, sizeof(good) - 1);
	for (size_t i = 0; i < COUNT(bad_cases); i++) {
		const struct bad_case *c = &bad_cases[i];
		const char *at = strstr(good, c->from);
		struct where where;

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good, c->to,
		         at + strlen(c->from));
		const enum err err = report_read(&a, text, strlen(text), &where);
		if (err != c->err || where.line != c->line || where.column != c->column)
			fail_msg("%s: %zu:%zu: %s", c->to, where.line, where.column, err_text(err));
	}
}

/* Sets first to the good text with more in place of a part; returns what is wrong with it. */
static enum err read_more(const char *from, const char *more, struct where *where)
{
	const char *at = strstr(good, from);
	const int size = snprintf(first, sizeof(first), "%.*s%s%s", (int)(at - good), good, more,
	                          at + strlen(from));

	return report_read(&a, first, (size_t)size, where);
}

/* Line 40 is the second register of the good text, line 43 its first "vary", line 45 kind 1. */
static void limits_of_reports(void **state)
{
	struct where where;
	size_t used = 0;

	(void)state;
	for (unsigned i = 0; i < CONTROL_MSRS_MAX; i++)
		used += (size_t)sprintf(second + used, "msr %08x unknown\n", 0x13c + i);
	assert_int_equal(read_more("msr 0000013c unknown\n", second, &where), ERR_MANY_MSRS);
	assert_int_equal(where.line, 40 + CONTROL_MSRS_MAX - 1);

	used = 0;
	for (unsigned leaf = 2; leaf < 2 + REPORT_VARY_MAX / 4; leaf++)
		used += (size_t)sprintf(
			second + used, "cpuid %08x 00 00000000 00000000 00000000 00000000\n", leaf);
	used += (size_t)sprintf(second + used, "vary 00000001 00 ebx\nvalues 00100800 02100800\n");
	for (unsigned i = 0; i < REPORT_VARY_MAX; i++)
		used += (size_t)sprintf(second + used,
		                        "vary %08x 00 %s\nvalues 00000000 00000001\n", 2 + i / 4,
		                        cpuid_register((enum cpuid_reg)(i % 4)));
	assert_int_equal(
		read_more("vary 00000001 00 ebx\nvalues 00100800 02100800\n", second, &where),
		ERR_MANY_VARYING);
	assert_int_equal(where.line, 43 + REPORT_VARY_MAX / 4 + 2 * REPORT_VARY_MAX);

	used = 0;
	for (unsigned kind = 1; kind <= REPORT_KINDS_MAX; kind++)
		used += (size_t)sprintf(second + used,
		                        "kind %u\nmembers %u\ncr4 unknown\nxcr0 unknown\n"
		                        "microcode unknown\n"
		                        "cpuid 00000000 00 00000000 00000000 00000000 %08x\n",
		                        kind, kind == 1 ? 1 : 1 + kind, kind);
	assert_int_equal(read_more(strstr(good, "kind 1"), second, &where), ERR_MANY_KINDS);
	assert_int_equal(where.line, 45 + 6 * (REPORT_KINDS_MAX - 1));
}

/* Returns the length of the good text as version 2, with these four lines, in text. */
static size_t as_version_2(char text[static sizeof(good) + 256], const char *lines)
{
	const char *at = strstr(good, "processors 3");

	return (size_t)snprintf(text, sizeof(good) + 256, "cpulevel-report 2%.*s%s%s",
	                        (int)(at - good - 17), good + 17, lines, at);
}

static void version_2_says_who_was_asked(void **state)
{
	char text[sizeof(good) + 256];
	struct where where;
	struct text t;

	(void)state;
	size_t size = as_version_2(text, "processors-asked \"boot only: no MP services\"\n"
	                                 "processors-cpuid 8\nprocessors-acpi 16\n"
	                                 "processors-smbios unknown\n");
	read_ok(&a, text, size);
	assert_true(report_boot_only(&a));
	assert_string_equal(a.field[FIELD_PROCESSORS_ACPI], "16");
	text_start(&t, second, sizeof(second));
	report_write(&t, &a);
	assert_int_equal(t.used, size);
	assert_memory_equal(text, second, size);

	size = as_version_2(text, "processors-asked \"all\"\nprocessors-cpuid unknown\n"
	                          "processors-acpi unknown\nprocessors-smbios unknown\n");
	read_ok(&a, text, size);
	assert_false(report_boot_only(&a));

	/* Without any of these fields there is only one spelling, version 1. */
	size = as_version_2(text, "processors-asked unknown\nprocessors-cpuid unknown\n"
	                          "processors-acpi unknown\nprocessors-smbios unknown\n");
	assert_int_equal(report_read(&a, text, size, &where), ERR_SPELLING);
	read_ok(&a, good, sizeof(good) - 1);
	assert_false(report_boot_only(&a));
}

static void every_truncation_is_refused(void **state)
{
	struct where where;

	(void)state;
	for (size_t size = 0; size < sizeof(good) - 1; size++)
		assert_int_not_equal(report_read(&a, good, size, &where), ERR_NONE);
	assert_int_equal(report_read(&a, good, 0, &where), ERR_EMPTY);
}

#define R_LINE "   0x00000000 0x00: eax=0x00000000 ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n"

/* cpuid -r of some versions prints a leaf twice. */
static void a_leaf_of_a_dump_may_be_there_twice(void **state)
{
	static const char twice[] = "CPU:\n" R_LINE R_LINE;
	struct where where;

	(void)state;
	assert_int_equal(cpuid_r_read(&a, twice, sizeof(twice) - 1, &where), ERR_NONE);
	assert_int_equal(a.kind[0].set.count, 1);
}

/* What is too much for a report is refused where it begins. */
static void limits_of_dumps(void **state)
{
	struct where where;
	size_t used = 0;

	(void)state;
	used = (size_t)sprintf(first, "CPU 65536:\n" R_LINE);
	assert_int_equal(cpuid_r_read(&a, first, used, &where), ERR_DECIMAL);
	assert_int_equal(where.line, 1);

	used = (size_t)sprintf(first, "CPU:\n");
	for (unsigned i = 0; i <= CPUID_SET_MAX; i++)
		used += (size_t)sprintf(first + used,
		                        "   0x%08x 0x00: eax=0x00000001 ebx=0x00000000 "
		                        "ecx=0x00000000 edx=0x00000000\n",
		                        i);
	assert_int_equal(cpuid_r_read(&a, first, used, &where), ERR_MANY_LEAVES);
	assert_int_equal(where.line, CPUID_SET_MAX + 2);

	used = 0;
	for (unsigned i = 0; i <= REPORT_PROCESSORS_MAX; i++)
		used += (size_t)sprintf(first + used, "CPU %u:\n" R_LINE, i);
	assert_int_equal(cpuid_r_read(&a, first, used, &where), ERR_MANY_CPUS);
	assert_int_equal(where.line, 2 * REPORT_PROCESSORS_MAX + 1);

	/* More leaves than the processor before: each is a kind of its own. */
	used = 0;
	for (unsigned i = 0; i <= REPORT_KINDS_MAX; i++) {
		used += (size_t)sprintf(first + used, "CPU %u:\n", i);
		for (unsigned leaf = 0; leaf <= i; leaf++)
			used += (size_t)sprintf(first + used,
			                        "   0x%08x 0x00: eax=0x00000001 ebx=0x00000000 "
			                        "ecx=0x00000000 edx=0x00000000\n",
			                        leaf);
	}
	assert_int_equal(cpuid_r_read(&a, first, used, &where), ERR_MANY_KINDS);
}

static void cpuid_r_reads_what_it_writes(void **state)
{
	static struct cpuid_set set, back;
	struct where where;
	struct text t;

	(void)state;
	report_start(&a);
	for (uint32_t i = 0; i < 3; i++) {
		a_processor_with_apic_id(&set, i);
		report_add(&a, (uint16_t)(i * 2), &unknown, &set);
	}
	text_start(&t, first, sizeof(first));
	cpuid_r_write(&t, &a);
	assert_int_equal(cpuid_r_read(&b, first, t.used, &where), ERR_NONE);
	assert_int_equal(b.processors, 3);
	assert_int_equal(b.processor[2].number, 4);
	for (uint32_t i = 0; i < 3; i++) {
		a_processor_with_apic_id(&set, i);
		report_processor_set(&b, i, &back);
		assert_int_equal(cpuid_compare(&set, &back), 0);
	}
}

static const struct dump_case {
	const char *text;
	enum err err;
	size_t line, column;
} dump_cases[] = {
	{ "", ERR_EMPTY, 0, 0 },
	{ "hello\n", ERR_NOT_CPUID_R, 1, 1 },
	{ "CPU:\n", ERR_NO_LEAVES, 1, 1 },
	{ "CPU:\n   vendor_id = \"GenuineIntel\"\n", ERR_CPUID_DECODED, 2, 1 },
	{ "CPU:\n   0x00000000 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n"
	  "01 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n",
	  ERR_CPUID_R_LINE, 3, 1 },
	{ "CPU:\n   0x00000000 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000\n",
	  ERR_CPUID_R_LINE, 2, 65 },
	{ "CPU:\n   0x00000000 0x00: eax=0x0000000g\n", ERR_HEX, 2, 34 },
	{ "CPU 1:\n   0x00000001 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 "
	  "edx=0x00000000\n"
	  "   0x00000000 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n",
	  ERR_ORDER, 3, 6 },
	{ "CPU 1:\n   0x00000001 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 "
	  "edx=0x00000000\n"
	  "CPU 1:\n   0x00000001 0x00: eax=0x00000001 ebx=0x00000000 ecx=0x00000000 "
	  "edx=0x00000000\n",
	  ERR_LIST_ORDER, 3, 1 },
};

/* The same two leaves, as people send them. */
static const char *const wraps[] = {
	"CPU:\n   0x00000000 0x00: eax=0x00000001 ebx=0x00000002 ecx=0x00000003 edx=0x00000004\n"
	"   0x00000001 0x00: eax=0x0000000a ebx=0x00000000 ecx=0x00000000 edx=0x00000000\n",
	"CPU 0:\r\n   0x00000000 0x00: eax=0x00000001 ebx=0x00000002 ecx=0x00000003 "
	"edx=0x00000004\r\n"
	"   0x00000001 0x00: eax=0x0000000A ebx=0x00000000 ecx=0x00000000 edx=0x00000000",
	"Hi,\nhere it is (CPU of the old host):\n\n> CPU 0:\n"
	">    0x00000000 0x00: eax=0x00000001 ebx=0x00000002 ecx=0x00000003\n> edx=0x00000004\n"
	">    0x00000001 0x00: eax=0x0000000a ebx=0x00000000\n> ecx=0x00000000 edx=0x00000000\n"
	"\n-- \nBob\n",
	"> > CPU:\n> >    0x00000000 0x00: eax=3D0x00000001 ebx=3D0x00000002 =\n"
	"> > ecx=3D0x00000003 edx=3D0x00000004\n\n"
	"0x00000001 0x00: eax=3D0x0000000a ebx=3D0x00000000 ecx=3D0x00000000 edx=3D0x00000000\n",
};

static void wrapped_dumps_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wraps); i++) {
		struct where where;

		assert_true(cpuid_r_is(wraps[i], strlen(wraps[i])));
		if (cpuid_r_read(&a, wraps[i], strlen(wraps[i]), &where) != ERR_NONE)
			fail_msg("%zu: %zu:%zu", i, where.line, where.column);
		assert_int_equal(a.processors, 1);
		assert_int_equal(a.kind[0].set.count, 2);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			assert_int_equal(a.kind[0].set.at[0].reg[reg], reg + 1);
		assert_int_equal(a.kind[0].set.at[1].reg[EAX], 10);
	}
}

static void bad_dumps_are_refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dump_cases); i++) {
		const struct dump_case *c = &dump_cases[i];
		struct where where;
		const enum err err = cpuid_r_read(&a, c->text, strlen(c->text), &where);

		if (err != c->err || where.line != c->line || where.column != c->column)
			fail_msg("%zu: %zu:%zu: %s", i, where.line, where.column, err_text(err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identical_processors_are_one_kind),
		cmocka_unit_test(different_processors_are_different_kinds),
		cmocka_unit_test(different_msrs_make_a_kind),
		cmocka_unit_test(only_mirrored_bits_of_cr4_make_a_kind),
		cmocka_unit_test(fields_and_lists),
		cmocka_unit_test(a_long_string_is_cut_and_noted),
		cmocka_unit_test(thousands_of_processors_fit_and_more_are_cut),
		cmocka_unit_test(a_large_server_stays_small),
		cmocka_unit_test(the_largest_report_fits),
		cmocka_unit_test(more_kinds_join_the_nearest),
		cmocka_unit_test(unknown_bits_make_a_kind),
		cmocka_unit_test(processors_that_no_kind_fits_are_cut),
		cmocka_unit_test(a_full_list_is_cut_and_noted),
		cmocka_unit_test(a_buffer_too_small_is_an_error),
		cmocka_unit_test(bad_reports_are_refused_with_the_place),
		cmocka_unit_test(limits_of_reports),
		cmocka_unit_test(version_2_says_who_was_asked),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(cpuid_r_reads_what_it_writes),
		cmocka_unit_test(a_leaf_of_a_dump_may_be_there_twice),
		cmocka_unit_test(limits_of_dumps),
		cmocka_unit_test(bad_dumps_are_refused_with_the_place),
		cmocka_unit_test(wrapped_dumps_are_read),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
