/* SPDX-License-Identifier: MIT */
/*
 * The setup lines of a report: each spelling there is, and what is refused where.
 */
#include "report/setup_text.h"
#include "unit.h"

#define ZERO "{00000000-0000-0000-0000-000000000000}"
#define GUID "ec87d643-eba4-4bb5-a1e5-3f3e36b20da9"

static struct setup setup;

static const char good[] =
	"setup found 9 chosen 3 faults 0 digest 000102030405060708090a0b0c0d0e0f\n"
	"path \"Setup > CPU\"\n"
	"question \"AES-NI\" one-of shown\n"
	"store variable \"Setup\" " GUID " 10 0 8\n"
	"value 1 \"Enabled\"\n"
	"default 1 \"Enabled\"\n"
	"question \"Cores\" numeric suppress-if grayed\n"
	"store named \"Cores\" " GUID "\n"
	"value unknown \"no such variable\"\n"
	"default none\n"
	"manufacturing computed\n"
	"path \"Setup > Order\"\n"
	"question \"\" ordered-list unreached\n"
	"store none\n"
	"value list \"Disk, Net\"\n"
	"default 2\n"
	"manufacturing 3 \"Three\"\n";

/* Reads the good text with one part replaced. */
static enum err read_with(const char *from, const char *to, char text[static 2 * sizeof(good)],
                          struct where *where)
{
	const char *at = strstr(good, from);
	struct scan s;

	assert_non_null(at);
	snprintf(text, 2 * sizeof(good), "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
	scan_start(&s, text, strlen(text));
	setup_read(&s, &setup);
	if (s.err == ERR_NONE && !scan_done(&s))
		scan_fail(&s, ERR_TRAILING);
	*where = s.where;
	return s.err;
}

static const struct {
	const char *from, *to;
} spellings[] = {
	{ "setup", "setup" },
	{ "store named \"Cores\" " GUID, "store buffer \"\" " GUID " ffff 7 65535" },
	{ "ordered-list", "checkbox" },
	{ "one-of shown", "one-of suppress-if gray-out-if disable-if suppressed grayed unreached" },
	{ "value 1 \"Enabled\"", "value ffffffffffffffff" },
	{ "value 1 \"Enabled\"", "value 0 \"\"" },
	{ "default 1 \"Enabled\"", "default list \"\"" },
	{ "manufacturing 3 \"Three\"\n", "" },
	{ "manufacturing 3 \"Three\"", "manufacturing none" },
	{ "\"AES-NI\"", "\"AES-NI\\xc2\\xae\"" },
	{ "path \"Setup > CPU\"", "path \"\"" },
};

static void each_spelling_is_read_and_written(void **state)
{
	static char text[2 * sizeof(good)], written[2 * sizeof(good)];
	struct where where;
	struct text t;

	(void)state;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		const enum err err = read_with(spellings[i].from, spellings[i].to, text, &where);

		if (err != ERR_NONE)
			fail_msg("row %zu: %zu:%zu: %s", i, where.line, where.column,
			         err_text(err));
		text_start(&t, written, sizeof(written));
		setup_write(&t, &setup);
		assert_string_equal(text_string(&t), text);
	}
}

static const struct {
	const char *from, *to;
	enum err err;
	size_t line, column;
} refused[] = {
	{ "setup found", "setup lost", ERR_WORD, 1, 7 },
	{ "found 9", "found 2", ERR_RANGE, 1, 72 },
	{ "found 9", "found 4294967296", ERR_RANGE, 1, 13 },
	{ "chosen 3", "chosen 03", ERR_DECIMAL, 1, 23 },
	{ "digest 00", "digest 0", ERR_HEX, 1, 71 },
	{ "path \"Setup > CPU\"\n", "", ERR_WORD, 2, 1 },
	{ "one-of", "two-of", ERR_WORD, 3, 19 },
	{ "shown", "hidden", ERR_WORD, 3, 26 },
	{ "shown", "grayed suppressed", ERR_LINE_END, 3, 32 },
	{ "suppress-if grayed", "suppress-if shown", ERR_LINE_END, 7, 37 },
	{ "variable", "variables", ERR_WORD, 4, 7 },
	{ "ec87d643-", "ec87d643", ERR_HEX, 4, 32 },
	{ "a1e5-3f3e", "a1e53f3e", ERR_HEX, 4, 47 },
	{ "a1e5-3f3e", "a1e5-3F3e", ERR_HEX, 4, 49 },
	{ " 10 0 8", " 10000 0 8", ERR_RANGE, 4, 70 },
	{ " 10 0 8", " 10 8 8", ERR_RANGE, 4, 64 },
	{ " 10 0 8", " 10 0 0", ERR_RANGE, 4, 67 },
	{ " 10 0 8", " 010 0 8", ERR_SPELLING, 4, 62 },
	{ "value 1", "value 01", ERR_SPELLING, 5, 8 },
	{ "value 1 \"Enabled\"", "value none", ERR_HEX, 5, 7 },
	{ "value 1 \"Enabled\"", "value list", ERR_SPACE, 5, 11 },
	{ "value 1 \"Enabled\"", "value 1 Enabled", ERR_STRING, 5, 9 },
	{ "default none", "default unknown \"x\"", ERR_HEX, 10, 9 },
	{ "default none", "default none \"x\"", ERR_LINE_END, 10, 13 },
	{ "manufacturing computed", "manufacturing none", ERR_SPELLING, 11, 1 },
	{ "Setup > Order", "Setup > CPU", ERR_SPELLING, 12, 1 },
	{ "chosen 3", "chosen 2", ERR_FULL, 12, 1 },
};

static void what_is_wrong_is_refused_with_the_place(void **state)
{
	static char text[2 * sizeof(good)];
	struct where where;

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const enum err err = read_with(refused[i].from, refused[i].to, text, &where);

		if (err != refused[i].err || where.line != refused[i].line ||
		    where.column != refused[i].column)
			fail_msg("%s: %zu:%zu: %s", refused[i].to, where.line, where.column,
			         err_text(err));
	}
}

static void no_questions_have_a_cause(void **state)
{
	static const char none[] = "setup none \"no HII database\"\n";
	char written[sizeof(none)];
	struct scan s;
	struct text t;

	(void)state;
	scan_start(&s, none, strlen(none));
	setup_read(&s, &setup);
	assert_int_equal(s.err, ERR_NONE);
	assert_string_equal(setup.none, "no HII database");
	text_start(&t, written, sizeof(written));
	setup_write(&t, &setup);
	assert_memory_equal(written, none, t.used);
	assert_int_equal(t.used, strlen(none));
	scan_start(&s, none, strlen(none) - 2);
	setup_read(&s, &setup);
	assert_int_equal(s.err, ERR_END);
	assert_null(setup.none);
}

/* What is shown of the three questions of the good text, and of others. */
static void values_and_stores_are_shown(void **state)
{
	static const struct {
		struct setup_question q;
		const char *value, *store;
	} shown[] = {
		{ { .kind = SETUP_ONE_OF, .value = { SETUP_NUMBER, 1, "On" } },
		  "On",
		  "not stored" },
		{ { .kind = SETUP_ONE_OF, .value = { SETUP_NUMBER, 7, NULL } },
		  "7 (no option has this number)",
		  "not stored" },
		{ { .kind = SETUP_CHECKBOX, .value = { SETUP_NUMBER, 0, NULL } },
		  "not checked",
		  "not stored" },
		{ { .kind = SETUP_CHECKBOX, .value = { SETUP_NUMBER, 1, NULL } },
		  "checked",
		  "not stored" },
		{ { .kind = SETUP_CHECKBOX, .value = { SETUP_NUMBER, 2, NULL } },
		  "2 (no option has this number)",
		  "not stored" },
		{ { .kind = SETUP_NUMERIC,
		    .store = { SETUP_NAMED, "Cores", { 0 }, 0, 0, 0 },
		    .value = { SETUP_NUMBER, 7, NULL } },
		  "7",
		  "named Cores " ZERO },
		{ { .kind = SETUP_ORDERED,
		    .store = { SETUP_BUFFER, "Boot\n", { 1, 2, 3, 4, 5 }, 0x1f, 0, 16 },
		    .value = { SETUP_LIST, 0, "A, \x1b[31m" } },
		  "A, ?[31m",
		  "buffer Boot? {04030201-0005-0000-0000-000000000000} offset 0x1f, 16 bits" },
		{ { .store = { SETUP_VARIABLE, "Setup", { 0 }, 2, 3, 1 },
		    .value = { SETUP_UNKNOWN, 0, "no such variable" } },
		  "no value: no such variable",
		  "variable Setup " ZERO " offset 0x2 bit 3, 1 bit" },
		{ { .store = { SETUP_VARIABLE, "Setup", { 0 }, 2, 0, 3 },
		    .value = { SETUP_NONE, 0, NULL } },
		  "none",
		  "variable Setup " ZERO " offset 0x2 bit 0, 3 bits" },
		{ { .value = { SETUP_COMPUTED, 0, NULL } }, "computed", "not stored" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(shown); i++) {
		char line[256];
		struct text t;

		text_start(&t, line, sizeof(line));
		setup_value_write(&t, &shown[i].q, &shown[i].q.value);
		assert_string_equal(text_string(&t), shown[i].value);
		text_start(&t, line, sizeof(line));
		setup_store_write(&t, &shown[i].q.store);
		assert_string_equal(text_string(&t), shown[i].store);
	}
}

static void what_hides_a_question_is_shown(void **state)
{
	static const struct {
		unsigned states;
		const char *words;
	} hidden[] = {
		{ 0, "" },
		{ SETUP_SUPPRESSED, " (suppressed)" },
		{ SETUP_SUPPRESS_IF, " (may be hidden)" },
		{ SETUP_DISABLE_IF | SETUP_SUPPRESS_IF, " (may be hidden)" },
		{ SETUP_GRAYED | SETUP_UNREACHED, " (grayed, no form leads here)" },
		{ SETUP_GRAYOUT_IF, " (may be grayed)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(hidden); i++) {
		const struct setup_question q = { .path = "",
			                          .prompt = "",
			                          .state = hidden[i].states };
		char line[128];
		struct text t;

		text_start(&t, line, sizeof(line));
		setup_hidden_write(&t, &q);
		assert_string_equal(text_string(&t), hidden[i].words);
		text_start(&t, line, sizeof(line));
		setup_path_put(&t, &q);
		assert_string_equal(text_string(&t), "(no prompt)");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_spelling_is_read_and_written),
		cmocka_unit_test(what_is_wrong_is_refused_with_the_place),
		cmocka_unit_test(no_questions_have_a_cause),
		cmocka_unit_test(values_and_stores_are_shown),
		cmocka_unit_test(what_hides_a_question_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
