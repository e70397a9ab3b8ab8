/* SPDX-License-Identifier: MIT */
/*
 * Form packages: what each opcode means (UEFI specification, edition 2.10, 33.3.8), and what is
 * damaged.
 */
#include "hii/hii_walk.h"
#include "hii_list.h"

#define GUID     "\x43\xd6\x87\xec\xa4\xeb\xb5\x4b\xa1\xe5\x3f\x3e\x36\xb2\x0d\xa9"
#define BITS     "\x8b\xd6\xdd\x82\x63\x91\x87\x41\x9b\x27\x20\xa8\xfd\x60\xa7\x1d"
#define FORM_SET "\x0e\x98" GUID "\x01\0\0\0\0\0"
#define FORM     "\x01\x86\x01\0\x02\0"
#define END      "\x29\x02"
#define BUFFER   "\x24\x1c" GUID "\x01\0\0\1Setup\0"
#define VARIABLE "\x26\x20\x02\0" GUID "\x07\0\0\0\0\1Setup\0"
#define NAMED    "\x25\x14\x03\0" GUID
#define STORES   BUFFER VARIABLE NAMED
/* Prompt 3, no help; the store and the place in it. */
#define HEAD(store, place)               "\x03\0\0\0\x01\0" store "\0" place "\0\0"
#define CHECKBOX(store, place, defaults) "\x06\x0e" HEAD(store, place) defaults
/* Of one byte from 0 to 9, step 1. */
#define NUMERIC(store, place) "\x07\x11" HEAD(store, place) "\0\0\x09\x01"

static const char strings[] = "\x10Setup\0\x10"
			      "Page\0\x10Prompt\0\x10One\0\x10Two\0\0";

/* The question that was read last. */
static struct setup_question last;
static char path[SETUP_PATH_MAX + 1], prompt[64], store[64];
static char value[64], standard[64], manufacturing[64];

static void keep(const char **string, char *to)
{
	if (*string)
		*string = strcpy(to, *string);
}

static bool take(void *ctx, const struct setup_question *q, const char *help)
{
	uint32_t *left = ctx;

	assert_string_equal(help, "");
	last = *q;
	keep(&last.path, path);
	keep(&last.prompt, prompt);
	keep(&last.store.name, store);
	keep(&last.value.text, value);
	keep(&last.standard.text, standard);
	keep(&last.manufacturing.text, manufacturing);
	return --*left > 0;
}

/* The value of each byte is its offset; that of a name and a value is 1. */
static const char *read_store(void *ctx, uint32_t list, const struct setup_store *s, uint8_t *bytes,
                              size_t count)
{
	(void)ctx, (void)list;
	for (size_t i = 0; s->kind != SETUP_NAMED && i < count; i++)
		bytes[i] = (uint8_t)(s->offset + i);
	if (s->kind == SETUP_NAMED)
		bytes[0] = 1;
	return NULL;
}

/* Reads a package; returns how many questions were taken, limit at most. */
static uint32_t read_ops(const char *ops, size_t count, uint32_t limit)
{
	uint32_t left = limit;

	memset(&last, 0, sizeof(last));
	begin_list();
	append_strings("en-US", strings, sizeof(strings));
	append(2, ops, count);
	open_list();
	h.faults += !hii_each(&h, read_store, take, &left);
	return limit - left;
}

static const struct {
	const char *what, *ops;
	size_t count;
	uint32_t questions, faults;
} walks[] = {
	{ "a question", BYTES(FORM_SET STORES FORM CHECKBOX("\1", "\x10", "\0")), 1 },
	{ "outside of a form", BYTES(FORM_SET STORES CHECKBOX("\1", "\x10", "\0")), 0 },
	{ "a form of no form set", BYTES(STORES FORM CHECKBOX("\1", "\x10", "\0")), 0 },
	{ "two", BYTES(FORM_SET FORM CHECKBOX("\1", "\x10", "\0") CHECKBOX("\1", "\x10", "\0")),
	  2 },
	{ "a form map", BYTES(FORM_SET "\x5d\x84\x07\0" CHECKBOX("\1", "\x10", "\0")), 1 },
	{ "an end too many", BYTES(END FORM_SET FORM END END END FORM CHECKBOX("\1", "\0", "\0")),
	  1 },
	{ "a short reference", BYTES(FORM_SET FORM "\x0f\x0d" HEAD("\1", "\x10")), 0 },
	{ "a reference of no form", BYTES("\x0f\x0f" HEAD("\1", "\x10") "\x01\0"), 0 },
	{ "an unknown opcode", BYTES(FORM_SET FORM "\x7e\x03?" CHECKBOX("\1", "\x10", "\0")), 1 },

	{ "a short form set", BYTES("\x0e\x15" GUID "\x01\0\0"), 0, 1 },
	{ "a short form", BYTES(FORM_SET "\x01\x05\x01\0\x02"), 0, 1 },
	{ "a short form map", BYTES(FORM_SET "\x5d\x03\x01"), 0, 1 },
	{ "a short store", BYTES(FORM_SET "\x24\x15" GUID "\x01\0\0"), 0, 1 },
	{ "a short store of names", BYTES(FORM_SET "\x25\x04\x01\0"), 0, 1 },
	{ "a short store of a variable", BYTES(FORM_SET "\x26\x04\x01\0"), 0, 1 },
	{ "a short checkbox", BYTES(FORM_SET FORM "\x06\x0d" HEAD("\1", "\x10")), 0, 1 },
	{ "a short number", BYTES(FORM_SET FORM "\x07\x0d" HEAD("\1", "\x10")), 0, 1 },
	{ "a short choice", BYTES(FORM_SET FORM "\x05\x0d" HEAD("\1", "\x10")), 0, 1 },
	{ "a short list", BYTES(FORM_SET FORM "\x23\x0e" HEAD("\1", "\x10") "\1"), 0, 1 },
	{ "a short GUID", BYTES(FORM_SET FORM "\x5f\x04\1\1"), 0, 1 },
	{ "an opcode of one byte", BYTES(FORM_SET FORM "\x06\x01" CHECKBOX("\1", "\0", "\0")), 0,
	  1 },
	{ "a long opcode", BYTES(FORM_SET FORM "\x06\x7f" CHECKBOX("\1", "\0", "\0")), 0, 1 },
	{ "half an opcode", BYTES(FORM_SET FORM "\x06"), 0, 1 },
};

static void each_opcode_is_walked_over(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(walks); i++) {
		const uint32_t questions = read_ops(walks[i].ops, walks[i].count, 10);

		if (questions != walks[i].questions || h.questions != questions ||
		    h.faults != walks[i].faults)
			fail_msg("row %zu, %s: %u questions, %u faults", i, walks[i].what,
			         questions, h.faults);
	}
}

static void a_walk_ends_when_it_is_told_to(void **state)
{
	static const char ops[] = FORM_SET FORM CHECKBOX("\1", "\0", "\0")
		CHECKBOX("\1", "\0", "\0") CHECKBOX("\1", "\0", "\0");

	(void)state;
	assert_int_equal(read_ops(ops, sizeof(ops) - 1, 2), 2);
	assert_int_equal(h.questions, 3);
}

static const struct {
	const char *what, *ops;
	size_t count;
	struct setup_store store;
	enum setup_known known;
	uint64_t number;
	const char *text;
} stores[] = {
	{ "a buffer",
	  BYTES(CHECKBOX("\1", "\x10", "\0")),
	  { SETUP_BUFFER, "Setup", { 0 }, 16, 0, 8 },
	  SETUP_NUMBER,
	  0x10,
	  NULL },
	{ "a variable",
	  BYTES(NUMERIC("\2", "\x11")),
	  { SETUP_VARIABLE, "Setup", { 0 }, 17, 0, 8 },
	  SETUP_NUMBER,
	  0x11,
	  NULL },
	{ "a number of eight bytes",
	  BYTES("\x07\x26" HEAD("\2", "\x01") "\3"
	                                      "........"
	                                      "........"
	                                      "........"),
	  { SETUP_VARIABLE, "Setup", { 0 }, 1, 0, 64 },
	  SETUP_NUMBER,
	  0x0807060504030201,
	  NULL },
	{ "a name",
	  BYTES(NUMERIC("\3", "\x02")),
	  { SETUP_NAMED, "Page", { 0 }, 0, 0, 0 },
	  SETUP_NUMBER,
	  1,
	  NULL },
	{ "no store",
	  BYTES(NUMERIC("\0", "\x02")),
	  { SETUP_NOWHERE, NULL, { 0 }, 0, 0, 0 },
	  SETUP_UNKNOWN,
	  0,
	  "not stored" },
	{ "a store that is not there",
	  BYTES(NUMERIC("\7", "\x02")),
	  { SETUP_NOWHERE, NULL, { 0 }, 0, 0, 0 },
	  SETUP_UNKNOWN,
	  0,
	  "not stored" },
	{ "a list of nothing",
	  BYTES("\x23\x0f" HEAD("\2", "\x02") "\0\0"),
	  { SETUP_NOWHERE, NULL, { 0 }, 0, 0, 0 },
	  SETUP_UNKNOWN,
	  0,
	  "not stored" },
	{ "a bit",
	  BYTES("\x5f\x92" BITS CHECKBOX("\2", "\x0b", "\0") END),
	  { SETUP_VARIABLE, "Setup", { 0 }, 1, 3, 1 },
	  SETUP_NUMBER,
	  0,
	  NULL },
	{ "some bits",
	  BYTES("\x5f\x92" BITS "\x07\x1a" HEAD("\2", "\x0c") "\x05"
	                                                      "............" END),
	  { SETUP_VARIABLE, "Setup", { 0 }, 1, 4, 5 },
	  SETUP_NUMBER,
	  0,
	  NULL },
	{ "no bits",
	  BYTES("\x5f\x92" BITS "\x07\x1a" HEAD("\2", "\x0c") "\x00"
	                                                      "............" END),
	  { SETUP_NOWHERE, NULL, { 0 }, 0, 0, 0 },
	  SETUP_UNKNOWN,
	  0,
	  "not stored" },
	{ "another GUID",
	  BYTES("\x5f\x92" GUID CHECKBOX("\2", "\x0b", "\0") END),
	  { SETUP_VARIABLE, "Setup", { 0 }, 11, 0, 8 },
	  SETUP_NUMBER,
	  11,
	  NULL },
	{ "one GUID without a scope",
	  BYTES("\x5f\x12" BITS CHECKBOX("\2", "\x0b", "\0")),
	  { SETUP_VARIABLE, "Setup", { 0 }, 11, 0, 8 },
	  SETUP_NUMBER,
	  11,
	  NULL },
};

static void a_value_is_read_from_its_store(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stores); i++) {
		const struct setup_store *s = &stores[i].store;
		char ops[256];
		const size_t head = sizeof(FORM_SET STORES FORM) - 1;

		memcpy(ops, FORM_SET STORES FORM, head);
		memcpy(ops + head, stores[i].ops, stores[i].count);
		if (read_ops(ops, head + stores[i].count, 10) != 1)
			fail_msg("row %zu, %s: no question", i, stores[i].what);
		if (last.store.kind != s->kind || last.store.offset != s->offset ||
		    last.store.bit != s->bit || last.store.bits != s->bits ||
		    last.value.known != stores[i].known || last.value.number != stores[i].number)
			fail_msg("row %zu, %s: kind %d, %u.%u, %u bits; value %d, %llx", i,
			         stores[i].what, last.store.kind, last.store.offset, last.store.bit,
			         last.store.bits, last.value.known,
			         (unsigned long long)last.value.number);
		if (s->name)
			assert_string_equal(last.store.name, s->name);
		if (stores[i].text)
			assert_string_equal(last.value.text, stores[i].text);
		else
			assert_null(last.value.text);
		assert_string_equal(last.path, "Setup");
		assert_string_equal(last.prompt, "Prompt");
	}
}

#define ONE_OF(options)             "\x05\x91" HEAD("\2", "\x04") "\0\0\x09\x01" options END
#define OPTION(flags, text, number) "\x09\x07" text "\0" flags "\0" number

static const struct {
	const char *what, *ops;
	size_t count;
	struct setup_value value, standard, manufacturing;
} defaults[] = {
	{ "none",
	  BYTES(ONE_OF(OPTION("\0", "\4", "\4"))),
	  { SETUP_NUMBER, 4, "One" },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "by a flag",
	  BYTES(ONE_OF(OPTION("\0", "\4", "\1") OPTION("\x10", "\5", "\2"))),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NUMBER, 2, "Two" },
	  { SETUP_NUMBER, 2, "Two" } },
	{ "another for manufacturing",
	  BYTES(ONE_OF(OPTION("\x20", "\4", "\1") OPTION("\x10", "\5", "\2"))),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NUMBER, 2, "Two" },
	  { SETUP_NUMBER, 1, "One" } },
	{ "by an opcode",
	  BYTES(ONE_OF("\x5b\x06\0\0\0\x07" OPTION("\x10", "\5", "\2"))),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NUMBER, 7, NULL },
	  { SETUP_NUMBER, 7, NULL } },
	{ "computed",
	  BYTES(ONE_OF("\x5b\x05\0\0\x08")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_COMPUTED, 0, NULL },
	  { SETUP_COMPUTED, 0, NULL } },
	{ "of a type that is no number",
	  BYTES(ONE_OF("\x5b\x08\0\0\x05...")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "a short one",
	  BYTES(ONE_OF("\x5b\x06\0\0\x01\x07")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "a shorter one",
	  BYTES(ONE_OF("\x5b\x04\0\0")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "an option of no number",
	  BYTES(ONE_OF("\x09\x06\4\0\x10\0")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "an option of a short number",
	  BYTES(ONE_OF("\x09\x07\4\0\x10\1\4")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
	{ "a checkbox",
	  BYTES(CHECKBOX("\2", "\4", "\1")),
	  { SETUP_NUMBER, 4, NULL },
	  { SETUP_NUMBER, 1, NULL },
	  { SETUP_NUMBER, 0, NULL } },
	{ "a list",
	  BYTES("\x23\x8f" HEAD("\2", "\4") "\3\0" OPTION("\0", "\4", "\4")
	                OPTION("\0", "\5", "\5") "\x5b\x08\0\0\x0b\5\4\0" END),
	  { SETUP_LIST, 0, "One, Two, 6" },
	  { SETUP_LIST, 0, "Two, One" },
	  { SETUP_LIST, 0, "Two, One" } },
	{ "a list with a number",
	  BYTES("\x23\x8f" HEAD("\2", "\4") "\1\0" OPTION("\0", "\4",
	                                                  "\4") "\x5b\x06\0\0\0\x07" END),
	  { SETUP_LIST, 0, "One" },
	  { SETUP_NONE, 0, NULL },
	  { SETUP_NONE, 0, NULL } },
};

static void assert_value(size_t row, const char *which, const struct setup_value *seen,
                         const struct setup_value *wanted)
{
	if (!setup_same_value(seen, wanted))
		fail_msg("row %zu, %s: %s %d, %llx, %s", row, defaults[row].what, which,
		         seen->known, (unsigned long long)seen->number,
		         seen->text ? seen->text : "");
}

static void defaults_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(defaults); i++) {
		char ops[256];
		const size_t head = sizeof(FORM_SET STORES FORM) - 1;

		memcpy(ops, FORM_SET STORES FORM, head);
		memcpy(ops + head, defaults[i].ops, defaults[i].count);
		if (read_ops(ops, head + defaults[i].count, 10) != 1)
			fail_msg("row %zu, %s: no question", i, defaults[i].what);
		assert_value(i, "value", &last.value, &defaults[i].value);
		assert_value(i, "default", &last.standard, &defaults[i].standard);
		assert_value(i, "manufacturing", &last.manufacturing, &defaults[i].manufacturing);
	}
}

static void conditions_are_told_apart(void **state)
{
	static const struct {
		char op, expression;
		unsigned states;
	} conditions[] = {
		{ 0x0a, 0x46, SETUP_SUPPRESSED },
		{ 0x0a, 0x47, 0 },
		{ 0x0a, 0x12, SETUP_SUPPRESS_IF },
		{ 0x19, 0x46, SETUP_GRAYED },
		{ 0x19, 0x47, 0 },
		{ 0x19, 0x12, SETUP_GRAYOUT_IF },
		{ 0x1e, 0x46, SETUP_SUPPRESSED },
		{ 0x1e, 0x12, SETUP_DISABLE_IF },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		char ops[] = FORM_SET STORES FORM "??\?\?" CHECKBOX("\2", "\4", "\1") END;
		char *at = ops + sizeof(FORM_SET STORES FORM) - 1;

		at[0] = conditions[i].op;
		at[1] = (char)0x82;
		at[2] = conditions[i].expression;
		at[3] = 2;
		assert_int_equal(read_ops(ops, sizeof(ops) - 1, 10), 1);
		assert_int_equal(last.state, conditions[i].states);
		/* An expression that goes on. */
		at[3] = (char)0x82;
		read_ops(ops, sizeof(ops) - 1, 10);
		assert_true(last.state != 0 && !(last.state & (SETUP_SUPPRESSED | SETUP_GRAYED)));
	}
}

static void only_so_many_form_sets_are_read(void **state)
{
	(void)state;
	begin_list();
	for (unsigned i = 0; i < HII_SETS_MAX + 3; i++)
		append(2, BYTES(FORM_SET FORM CHECKBOX("\1", "\0", "\0")));
	open_list();
	assert_int_equal(h.sets, HII_SETS_MAX);
	assert_int_equal(h.forms, HII_SETS_MAX);
	assert_int_equal(h.questions, HII_SETS_MAX);
	assert_int_equal(h.faults, 3);
}

static void a_long_export_is_not_read(void **state)
{
	(void)state;
	begin_list();
	assert_int_equal(hii_count(&h, data, HII_EXPORT_MAX + 1), 0);
	assert_int_equal(h.size, 0);
	assert_int_equal(h.lists, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_opcode_is_walked_over),
		cmocka_unit_test(a_walk_ends_when_it_is_told_to),
		cmocka_unit_test(a_value_is_read_from_its_store),
		cmocka_unit_test(defaults_are_found),
		cmocka_unit_test(conditions_are_told_apart),
		cmocka_unit_test(only_so_many_form_sets_are_read),
		cmocka_unit_test(a_long_export_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, release_list);
}
