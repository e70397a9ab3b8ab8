/* SPDX-License-Identifier: MIT */
#include "fleet/pool.h"
#include "report/identity.h"
#include "unit.h"

static struct report r;

static void number(enum report_field field, const char *string)
{
	report_set(&r, field, string);
}

static void placeholders_are_no_identity(void **state)
{
	static const char *const none[] = {
		"",
		" ",
		"-",
		"...",
		"0",
		"00000000",
		"FFFFFFFF",
		"xxxxxxxxxx",
		"0123456789",
		"1234567890",
		"12345678901234567",
		"To be filled by O.E.M.",
		"To Be Filled By O.E.M.",
		"ToBeFilledByOEM",
		"Default string",
		"Default_string",
		"System Serial Number",
		"None",
		"NOT SPECIFIED",
		"N/A",
		"00000000-0000-0000-0000-000000000000",
		"ffffffff-ffff-ffff-ffff-ffffffffffff",
		"03000200-0400-0500-0006-000700080009",
		"00020003-0004-0005-0006-000700080009",
		"Tulip Computers",
		"A",
	};
	static const char *const some[] = {
		"7XK2P04",      "12346",    "CZJ0123456", "4c4c4544-0031-3010-8031-b8c04f4a3132",
		"Default-12-7", "Nonesuch",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(none); i++)
		if (!identity_placeholder(none[i]))
			fail_msg("\"%s\" is a placeholder", none[i]);
	for (size_t i = 0; i < COUNT(some); i++)
		if (identity_placeholder(some[i]))
			fail_msg("\"%s\" is no placeholder", some[i]);
}

static void a_number_of_the_system_or_board_identifies(void **state)
{
	static struct identity a, b;

	(void)state;
	report_start(&r);
	number(FIELD_SYSTEM_VENDOR, "Acme");
	identity_take(&a, &r);
	assert_int_equal(a.size, 0);
	assert_false(identity_same(&a, &a));
	number(FIELD_SYSTEM_SERIAL, "Default string");
	number(FIELD_CHASSIS_SERIAL, "C-9"); /* of all machines in it */
	identity_take(&a, &r);
	assert_false(identity_same(&a, &a));
	number(FIELD_BOARD_SERIAL, "B-7");
	identity_take(&a, &r);
	assert_true(identity_same(&a, &a));
	assert_string_equal(identity_name(&r), "B-7");
	number(FIELD_SYSTEM_SERIAL,
	       "To be filled by O.E.M."); /* another placeholder, from a new BIOS */
	identity_take(&b, &r);
	assert_true(identity_same(&a, &b));
	number(FIELD_SYSTEM_VENDOR, "Bcme");
	identity_take(&b, &r);
	assert_false(identity_same(&a, &b));
}

/* A report: of which machine (' ': unknown), by which stick (' ': no seal), when, saying what. */
struct given {
	char machine, stick;
	unsigned sequence;
	const char *time;
	char answer;
};

static bool same(const void *a, const void *b)
{
	return ((const struct given *)a)->answer == ((const struct given *)b)->answer;
}

/*
 * Judges the reports in two orders; fates has a letter for each, and so has clock: z where a zone
 * that one report does not say matters.
 */
static void judge(const char *name, const struct given *g, const char *fates, const char *clock)
{
	static const char letter[] = { [VISIT_KEPT] = 'K',
		                       [VISIT_SHARED] = 'S',
		                       [VISIT_UNSEALED] = 'U',
		                       [VISIT_REPLACED] = '-',
		                       [VISIT_REPEATED] = '=' };
	const size_t count = strlen(fates);
	struct visit visit[8];
	struct visitor v[8];
	uint8_t key[8][8];

	for (unsigned backwards = 0; backwards < 2; backwards++) {
		char got[9] = "", by_clock[9] = "";

		memset(visit, 0, sizeof(visit));
		memset(key, 0, sizeof(key));
		for (size_t k = 0; k < count; k++) {
			const size_t i = backwards ? count - 1 - k : k;

			visit[i].known = g[i].machine != ' ';
			visit[i].shared = g[i].machine >= 'A' && g[i].machine <= 'Z';
			visit[i].machine[0] = (uint8_t)(g[i].machine | 0x20);
			visit[i].numbered = g[i].sequence > 0;
			visit[i].sequence = g[i].sequence;
			strcpy(visit[i].time, g[i].time);
			key[i][7] = (uint8_t)g[i].stick;
			v[k] = (struct visitor){ .visit = &visit[i],
				                 .host = "h",
				                 .sealed = g[i].stick != ' ',
				                 .key = key[i],
				                 .of = &g[i] };
		}
		visit_judge(v, count, same);
		for (size_t k = 0; k < count; k++) {
			const size_t i = (size_t)((const struct given *)v[k].of - g);

			got[i] = letter[v[k].fate];
			by_clock[i] = v[k].zone ? 'z' : v[k].clock ? 'c' : ' ';
		}
		if (strcmp(got, fates) != 0 || strncmp(by_clock, clock, strlen(clock)) != 0)
			fail_msg("%s: fates \"%s\", clock \"%s\"", name, got, by_clock);
	}
}

#define T1 "2026-11-26T13:00:00"
#define T2 "2026-11-26T14:00:00Z"
#define T3 "2026-11-27T09:00:00+01:00"

static void the_latest_report_of_a_machine_counts(void **state)
{
	static const struct {
		const char *name;
		struct given given[4];
		const char *fates, *clock;
	} cases[] = {
		{ "unknown machines",
		  { { ' ', 's', 1, T1, 'a' }, { ' ', 's', 2, T2, 'a' } },
		  "KK",
		  "  " },
		{ "repaired", { { 'm', 's', 4, T1, 'a' }, { 'm', 's', 13, T2, 'b' } }, "-K", "  " },
		{ "the clock was wrong",
		  { { 'm', 's', 4, T3, 'a' }, { 'm', 's', 13, T1, 'b' } },
		  "-K",
		  "  " },
		{ "another machine between",
		  { { 'm', 's', 4, T1, 'a' }, { 'n', 's', 5, T1, 'a' }, { 'm', 's', 6, T1, 'b' } },
		  "-KK",
		  "   " },
		{ "two sticks",
		  { { 'm', 's', 9, T1, 'a' }, { 'm', 't', 1, T2, 'b' } },
		  "-K",
		  "zc" },
		{ "no seals", { { 'm', ' ', 9, T1, 'a' }, { 'm', ' ', 1, T2, 'b' } }, "-K", "zc" },
		{ "sealed, then not",
		  { { 'm', 's', 1, T1, 'a' }, { 'm', ' ', 2, T2, 'b' } },
		  "KU",
		  "cz" },
		{ "sealed, then not, the same",
		  { { 'm', 's', 1, T1, 'a' }, { 'm', ' ', 2, T2, 'a' } },
		  "K=",
		  "  " },
		{ "not sealed, then sealed",
		  { { 'm', ' ', 1, T1, 'a' }, { 'm', 's', 2, T2, 'b' } },
		  "-K",
		  "zc" },
		{ "two zones: 08:00Z, 08:30Z",
		  { { 'm', 's', 1, T3, 'a' }, { 'm', 't', 1, "2026-11-27T08:30:00Z", 'b' } },
		  "-K",
		  "cc" },
		{ "a zone behind UTC, across a leap day: 01:00Z, 02:00Z",
		  { { 'm', 's', 1, "2028-03-01T01:00:00Z", 'a' },
		    { 'm', 't', 1, "2028-02-29T21:30:00-04:30", 'b' } },
		  "-K",
		  "cc" },
		{ "one instant in two zones",
		  { { 'm', 's', 1, T3, 'a' }, { 'm', 't', 1, "2026-11-27T08:00:00Z", 'b' } },
		  "SS",
		  "cc" },
		{ "one zone, and earlier in every other",
		  { { 'm', 's', 1, "2026-11-26T01:59:59", 'a' }, { 'm', 't', 1, T2, 'b' } },
		  "-K",
		  "cc" },
		{ "not in the last",
		  { { 'm', 's', 1, "2026-11-26T02:00:00", 'a' }, { 'm', 't', 1, T2, 'b' } },
		  "-K",
		  "zc" },
		{ "one zone, and later in every other",
		  { { 'm', 's', 1, T2, 'a' }, { 'm', 't', 1, "2026-11-27T04:00:01", 'b' } },
		  "-K",
		  "cc" },
		{ "not in the first",
		  { { 'm', 's', 1, T2, 'a' }, { 'm', 't', 1, "2026-11-27T04:00:00", 'b' } },
		  "-K",
		  "zc" },
		{ "three whose digits go in a circle: 10:00Z, 10:30, 09:00Z",
		  { { 'm', 's', 1, "2026-11-26T11:00:00+02:00", 'a' },
		    { 'm', 't', 1, "2026-11-26T10:00:00Z", 'b' },
		    { 'm', 'u', 1, "2026-11-26T10:30:00", 'c' } },
		  "--K",
		  "zzc" },
		{ "two sticks that contradict the clock",
		  { { 'm', 's', 1, T2, 'a' }, { 'm', 's', 2, T1, 'b' }, { 'm', 't', 1, T3, 'c' } },
		  "SSS",
		  "ccc" },
		{ "no clock", { { 'm', 's', 1, "", 'a' }, { 'm', 't', 1, T2, 'b' } }, "SS", "cc" },
		{ "no clock, but one stick",
		  { { 'm', 's', 1, "", 'a' }, { 'm', 's', 2, "", 'b' } },
		  "-K",
		  "  " },
		{ "at the same time",
		  { { 'm', ' ', 1, T1, 'a' }, { 'm', ' ', 1, T1, 'b' } },
		  "SS",
		  "cc" },
		{ "alternating",
		  { { 'm', 's', 1, T1, 'a' }, { 'm', 's', 2, T1, 'b' }, { 'm', 's', 3, T1, 'a' } },
		  "-SS",
		  "   " },
		{ "changed twice",
		  { { 'm', 's', 1, T1, 'a' },
		    { 'm', 's', 2, T1, 'a' },
		    { 'm', 's', 3, T1, 'b' },
		    { 'm', 's', 4, T1, 'c' } },
		  "---K",
		  "    " },
		{ "claimed by two before",
		  { { 'M', 's', 1, T1, 'a' }, { 'M', 's', 2, T1, 'b' }, { 'm', 's', 3, T1, 'b' } },
		  "S-S",
		  "   " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		judge(cases[i].name, cases[i].given, cases[i].fates, cases[i].clock);
}

static void a_pool_drops_what_does_not_count(void **state)
{
	static struct pool_host host[3];
	static struct visitor v[3];
	static struct pool p;
	const struct control unknown = { .msrs = 0 };

	(void)state;
	pool_start(&p);
	for (unsigned i = 0; i < COUNT(host); i++) {
		struct visit *visit = &host[i].visit;

		snprintf(host[i].name, sizeof(host[i].name), "h%u", i);
		host[i].sealed = visit->known = visit->numbered = true;
		visit->machine[0] = i == 1 ? 1 : 2;
		visit->sequence = i;
		report_start(&r);
		report_add(&r, 0, &unknown, i == 0 ? &story_atom : &story_ivy);
		assert_int_equal(pool_add_report(&p, &host[i], &r), ERR_NONE);
	}
	assert_int_equal(pool_finish(&p), ERR_NONE);
	assert_int_equal(p.answers, 2);
	pool_visitors(&p, v);
	visit_judge(v, p.hosts, pool_same_answers);
	assert_true(pool_settle(&p, v));
	assert_int_equal(p.hosts, 2);
	assert_string_equal(p.host[0].name, "h1");
	assert_string_equal(p.host[1].name, "h2");
	assert_int_equal(p.answers, 1);
	assert_int_equal(p.answer[0]->index, 0);
	assert_ptr_equal(p.host[0].answer[0], p.answer[0]);
	pool_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_no_identity),
		cmocka_unit_test(a_number_of_the_system_or_board_identifies),
		cmocka_unit_test(the_latest_report_of_a_machine_counts),
		cmocka_unit_test(a_pool_drops_what_does_not_count),
	};

	return cmocka_run_group_tests_name("visit", tests, NULL, NULL);
}
