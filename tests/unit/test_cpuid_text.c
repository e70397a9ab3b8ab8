/* SPDX-License-Identifier: MIT */
/*
 * The lines of leaves, of bits that nobody read, and of registers; and the messages of errors.
 */
#include "cpuid/cpuid_text.h"
#include "unit.h"

#define ZEROS " 00000000 00000000 00000000 00000000\n"

static struct cpuid_set set;

static enum err read_lines(const char *text, struct where *where)
{
	struct scan s;

	scan_start(&s, text, strlen(text));
	cpuid_text_read(&s, &set);
	cpuid_text_read_msrs(&s, &set);
	if (s.err == ERR_NONE && !scan_done(&s))
		scan_fail(&s, ERR_TRAILING);
	*where = s.where;
	return s.err;
}

static void lines_are_read_and_written(void **state)
{
	static const char text[] =
		"cpuid 00000000 00 00000007 756e6547 6c65746e 49656e69\n"
		"cpuid 00000007 00" ZEROS "unknown 00000000 ffffffff 00000001 00000000\n"
		"cpuid 00000007 01 00000000 00000001 00000000 00000000\n"
		"unknown 00000000 fffffffe 00000000 00000000\n"
		"cpuid cfffffff ff" ZEROS "msr 0000010a 0\n"
		"msr 2fffffff 123456789abcdef\n";
	char written[sizeof(text)];
	struct where where;
	struct text t;

	(void)state;
	assert_int_equal(read_lines(text, &where), ERR_NONE);
	assert_int_equal(set.count, 6);
	assert_int_equal(cpuid_unknown(&set, 7, 0, EBX), 0xffffffff);
	assert_int_equal(cpuid_unknown(&set, 7, 1, EBX), 0xfffffffe);
	assert_int_equal(cpuid_value(&set, 0xffffffff, 0, EAX), 0x89abcdef);
	assert_int_equal(cpuid_value(&set, 0xffffffff, 0, EDX), 0x01234567);
	text_start(&t, written, sizeof(written));
	cpuid_text_write(&t, &set);
	assert_string_equal(text_string(&t), text);
}

static const struct {
	const char *text;
	enum err err;
	size_t line, column;
} refused[] = {
	{ "", ERR_END, 1, 1 },
	{ "msr 0000010a 0\n", ERR_NO_LEAVES, 1, 1 },
	{ "cpuid d0000000 00" ZEROS, ERR_NO_LEAF, 1, 7 },
	{ "cpuid 00000001 00" ZEROS "cpuid 00000000 00" ZEROS, ERR_ORDER, 2, 7 },
	{ "cpuid 00000001 00" ZEROS "cpuid 00000001 00" ZEROS, ERR_ORDER, 2, 7 },
	{ "cpuid 00000001 00" ZEROS "unknown" ZEROS, ERR_UNKNOWN_BITS, 2, 1 },
	{ "cpuid 00000001 00 00000001 00000000 00000000 00000000\n"
	  "unknown 00000003 00000000 00000000 00000000\n",
	  ERR_UNKNOWN_BITS, 2, 1 },
	{ "cpuid 00000001 00" ZEROS "unknown 1\n", ERR_HEX, 2, 10 },
	{ "cpuid 00000001 00" ZEROS "msr 30000000 0\n", ERR_NO_LEAF, 2, 5 },
	{ "cpuid 00000001 00" ZEROS "msr 0000010a 0\nmsr 0000010a 1\n", ERR_ORDER, 3, 5 },
	{ "cpuid 00000001 00" ZEROS "msr 0000010a 00\n", ERR_SPELLING, 2, 15 },
	{ "cpuid 00000001 00" ZEROS "msr 0000010a 0\ncpuid 00000002 00" ZEROS, ERR_TRAILING, 3, 1 },
};

static void wrong_lines_are_refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct where where;
		const enum err err = read_lines(refused[i].text, &where);

		if (err != refused[i].err || where.line != refused[i].line ||
		    where.column != refused[i].column)
			fail_msg("row %zu: %zu:%zu: %s", i, where.line, where.column,
			         err_text(err));
	}
}

static void more_leaves_than_a_set_holds_are_refused(void **state)
{
	static char text[(CPUID_SET_MAX + 1) * 64 + 1];
	struct where where;
	size_t used = 0;

	(void)state;
	for (unsigned i = 0; i <= CPUID_SET_MAX; i++)
		used += (size_t)sprintf(text + used, "cpuid %08x 00" ZEROS, i);
	assert_int_equal(read_lines(text, &where), ERR_MANY_LEAVES);
	assert_int_equal(where.line, CPUID_SET_MAX + 1);
	assert_int_equal(set.count, CPUID_SET_MAX);
	sprintf(strrchr(text, 'c'), "msr 0000010a 0\n");
	assert_int_equal(read_lines(text, &where), ERR_MANY_LEAVES);
	assert_int_equal(where.line, CPUID_SET_MAX + 1);
}

/* A clause: the caller puts file, line and column before it. */
static void each_error_has_a_message_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ERR_COUNT; i++) {
		const char *text = err_text((enum err)i);

		assert_true(strlen(text) > 5 && strlen(text) < 120);
		assert_true(text[strlen(text) - 1] != '.' && text[strlen(text) - 1] != '\n');
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(text, err_text((enum err)k));
	}
	assert_string_equal(err_text(ERR_COUNT), "unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_and_written),
		cmocka_unit_test(wrong_lines_are_refused_with_the_place),
		cmocka_unit_test(more_leaves_than_a_set_holds_are_refused),
		cmocka_unit_test(each_error_has_a_message_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
