/* SPDX-License-Identifier: MIT */
#include "compare/differ.h"
#include "fleet/pool.h"
#include "unit.h"

static struct pool *p, *q, *r;
static char *first, *second;
static const struct control unknown;

#define ROOM 0x100000

static int allocate(void **state)
{
	(void)state;
	p = calloc(3, sizeof(*p));
	q = p + 1;
	r = p + 2;
	first = malloc(ROOM);
	second = malloc(ROOM);
	return p && first && second ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	pool_free(p);
	pool_free(q);
	pool_free(r);
	free(p);
	free(first);
	free(second);
	return 0;
}

static enum err read_into(struct pool *pool, const char *text, size_t size, struct where *where)
{
	pool_free(pool);
	return pool_read(pool, text, size, where);
}

static size_t spell(const struct pool *pool, char *buffer)
{
	struct text t;

	text_start(&t, buffer, ROOM);
	pool_write(&t, pool, "test");
	assert_false(t.full);
	return t.used;
}

static void assert_same_pools(const struct pool *a, const struct pool *b)
{
	const size_t size = spell(a, first);

	assert_int_equal(spell(b, second), size);
	assert_memory_equal(first, second, size);
}

/* Adds a host of two kinds of processors, one of them like those of other hosts. */
static void add(struct pool *pool, unsigned which)
{
	static struct report report;
	struct pool_host host = { .sealed = which & 1, .digest = { (uint8_t)(which * 77) } };
	struct cpuid_set set = which & 2 ? story_atom : story_ivy;

	snprintf(host.name, sizeof(host.name), "db-%02u", which % 7);
	host.visit.known = which % 3 == 2;
	host.visit.shared = which % 6 == 2;
	if (host.visit.known) {
		host.visit.machine[0] = (uint8_t)which;
		snprintf(host.visit.name, sizeof(host.visit.name), "S-%u", which);
	}
	host.visit.numbered = true;
	host.visit.sequence = 7 + which;
	if (which < 10)
		strcpy(host.visit.time, "2026-11-26T13:10:16+01:00");
	report_start(&report);
	put(&set, 1, 0, EBX, which << 24); /* an APIC id, not the machine's */
	report_add(&report, 0, &unknown, &set);
	put(&set, 0x80000007, 0, EDX, (which % 3 + 1) << 8);
	put(&set, 0x80000002, 0, EAX, which);
	report_add(&report, 1, &unknown, &set);
	assert_int_equal(pool_add_report(pool, &host, &report), ERR_NONE);
	assert_int_equal(pool_finish(pool), ERR_NONE);
}

static void like_answers_are_kept_once(void **state)
{
	(void)state;
	pool_free(p);
	for (unsigned i = 0; i < 20; i++)
		add(p, i);
	assert_int_equal(p->hosts, 20);
	/* Two processors, three values of one field, which the first of each host does not have. */
	assert_int_equal(p->answers, 8);
	for (size_t i = 0; i < p->answers; i++) {
		assert_int_equal(cpuid_value(&p->answer[i]->set, 1, 0, EBX), 0);
		/* That of a brand string is known, and no property of the machine. */
		assert_int_equal(cpuid_value(&p->answer[i]->set, 0x80000002, 0, EAX), 0);
	}
}

static void a_pool_reads_back(void **state)
{
	struct where where;

	(void)state;
	pool_free(p);
	for (unsigned i = 0; i < 20; i++)
		add(p, i);
	const size_t size = spell(p, first);
	assert_int_equal(read_into(q, first, size, &where), ERR_NONE);
	assert_same_pools(p, q);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_not_equal(read_into(r, first, cut, &where), ERR_NONE);
}

/* Removes the lines that version 1 does not have. */
static void to_version_1(char *text)
{
	static const char *const line[] = { "machine ", "shared ",    "sequence ", "time ",
		                            "guest ",   "steppings ", "microcode " };
	static const char zeros[] = " 00000000 00000000 00000000 00000000\n";

	char *to = strstr(text, " 3\n") + 3, *from = to;
	for (to[-2] = '1'; *from;) {
		const size_t size = (size_t)(strchr(from, '\n') - from) + 1;
		bool drop = false;

		for (size_t i = 0; i < COUNT(line); i++)
			drop = drop || strncmp(from, line[i], strlen(line[i])) == 0;
		drop = drop || (size > 17 && strncmp(from + 17, zeros, strlen(zeros)) == 0);
		if (!drop)
			to = memmove(to, from, size), to += size;
		from += size;
	}
	*to = '\0';
}

static void version_1_is_read(void **state)
{
	struct where where;

	(void)state;
	pool_free(p);
	for (unsigned i = 0; i < 20; i++)
		add(p, i);
	first[spell(p, first)] = '\0';
	to_version_1(first);
	assert_int_equal(read_into(q, first, strlen(first), &where), ERR_NONE);
	assert_int_equal(q->hosts, 20);
	for (size_t i = 0; i < q->hosts; i++)
		assert_false(q->host[i].visit.known || q->host[i].visit.numbered);
	for (size_t i = 0; i < q->answers; i++)
		assert_true(cpuid_knows(&q->answer[i]->set, 5, 0));
	/* Its hosts are those of version 3, which knows more. */
	assert_int_equal(pool_add_pool(q, p), ERR_NONE);
	assert_int_equal(pool_finish(q), ERR_NONE);
	assert_int_equal(q->hosts, 20);
	assert_same_pools(p, q);
}

static void merging_is_a_union(void **state)
{
	uint32_t random = 11;

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		unsigned which[12];

		pool_free(p);
		for (size_t i = 0; i < COUNT(which); i++)
			add(p, which[i] = random_next(&random) % 30);
		/* Backwards, twice, and split at a place. */
		pool_free(q);
		for (size_t i = 2 * COUNT(which); i-- > 0;)
			add(q, which[i % COUNT(which)]);
		assert_same_pools(p, q);
		const size_t split = random_next(&random) % COUNT(which);
		pool_free(q);
		pool_free(r);
		for (size_t i = 0; i < COUNT(which); i++)
			add(i < split ? q : r, which[i]);
		assert_int_equal(pool_add_pool(r, q), ERR_NONE);
		assert_int_equal(pool_finish(r), ERR_NONE);
		assert_same_pools(p, r);
		assert_int_equal(pool_add_pool(r, r == p ? q : p), ERR_NONE);
		assert_int_equal(pool_finish(r), ERR_NONE);
		assert_same_pools(p, r);
	}
}

static void hosts_are_found_by_name(void **state)
{
	size_t count;

	(void)state;
	pool_free(p);
	for (unsigned i = 0; i < 10; i++)
		add(p, i);
	assert_non_null(pool_find(p, "db-06", &count));
	assert_int_equal(count, 1);
	assert_non_null(pool_find(p, "db-01", &count));
	assert_int_equal(count, 2);
	assert_null(pool_find(p, "db-0", &count));
	assert_int_equal(count, 0);
}

static void bad_pools_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum err err;
	} cases[] = {
		{ "cpulevel-pool", "cpulevel-poll", ERR_NOT_POOL },
		{ "pool 3", "pool 5", ERR_VERSION },
		{ "pool 3", "pool 4", ERR_SPELLING },
		{ "answer 0", "left-out \"a\"\nanswer 0", ERR_WORD },
		{ "pool 3", "pool 2", ERR_WORD },
		{ "pool 3", "pool 1", ERR_WORD },
		{ "guest none", "guest nobody", ERR_STRING },
		{ "guest none", "guest \"13 characters\"", ERR_STRING_LONG },
		{ "steppings 0\n", "steppings none\n", ERR_DECIMAL },
		{ "steppings 0\n", "steppings 16\n", ERR_RANGE },
		{ "steppings 0\n", "steppings 0\nmicrocode 01\n", ERR_SPELLING },
		{ "steppings 0\n", "steppings 0\nmicrocode unknown\n", ERR_HEX },
		{ "steppings 0\n", "microcode 1\nsteppings 0\n", ERR_WORD },
		{ "machine unknown", "machin unknown", ERR_WORD },
		{ "machine unknown", "shared unknown", ERR_HEX },
		{ "machine unknown", "machine 00", ERR_HEX },
		{ "sequence 7", "sequence 07", ERR_DECIMAL },
		{ "time 2026-11-26", "time 2026-11-2", ERR_TIME },
		{ "hosts 2", "hosts 3", ERR_WORD },
		{ "hosts 2", "hosts 1", ERR_WORD },
		{ "host \"db-01\"", "host \"db-\"", ERR_ORDER },
		{ "answers 0-1", "answers 0-1 7", ERR_NO_SUCH_ANSWER },
		{ "answers 0-1", "answers none", ERR_NO_SUCH_ANSWER },
		{ "answer 1", "answer 2", ERR_ORDER },
		{ "key 00", "key 0g", ERR_HEX },
		{ "end\n", "end\nend\n", ERR_TRAILING },
	};

	(void)state;
	pool_free(p);
	add(p, 0);
	add(p, 1);
	const size_t size = spell(p, first);
	first[size] = '\0';
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *at = strstr(first, cases[i].from);
		struct where where;

		assert_non_null(at);
		snprintf(second, ROOM, "%.*s%s%s", (int)(at - first), first, cases[i].to,
		         at + strlen(cases[i].from));
		const enum err err = read_into(q, second, strlen(second), &where);
		if (err != cases[i].err || (where.line == 0) != (err == ERR_NOT_POOL))
			fail_msg("%s: %zu:%zu: %s", cases[i].to, where.line, where.column,
			         err_text(err));
	}
}

/* A report with the leaves of *set only. */
static const struct report *report_of(const struct cpuid_set *set)
{
	static struct report report;

	report_start(&report);
	assert_true(report_add(&report, 0, &unknown, set));
	return &report;
}

/* On failure nothing is added. */
static void reports_that_say_nothing_are_refused(void **state)
{
	static const struct cpuid_set empty = { .count = 1, .at = { { .leaf = 0x8fffffff } } };
	static struct report none;
	const struct pool_host host = { .name = "a" };

	(void)state;
	pool_free(p);
	report_start(&none);
	assert_int_equal(pool_add_report(p, &host, &none), ERR_NO_KINDS);
	/* A text in place of leaves does not describe a machine. */
	assert_int_equal(pool_add_report(p, &host, report_of(&empty)), ERR_NO_LEAVES);
	assert_int_equal(p->hosts, 0);
}

/* The answers that several pools have of one report are joined, until they are too many. */
static void a_host_has_so_many_answers(void **state)
{
	const struct pool_host host = { .name = "a" };
	struct cpuid_set set = story_ivy;

	(void)state;
	pool_free(p);
	for (uint32_t i = 0; i < POOL_HOST_ANSWERS_MAX; i++) {
		put(&set, 7, 0, EDX, i);
		assert_int_equal(pool_add_report(p, &host, report_of(&set)), ERR_NONE);
		assert_int_equal(pool_finish(p), ERR_NONE);
		assert_int_equal(p->hosts, 1);
		assert_int_equal(p->host[0].answers, i + 1);
	}
	put(&set, 7, 0, EDX, 7); /* one that it has */
	assert_int_equal(pool_add_report(p, &host, report_of(&set)), ERR_NONE);
	assert_int_equal(pool_finish(p), ERR_NONE);
	put(&set, 7, 0, EDX, 999);
	assert_int_equal(pool_add_report(p, &host, report_of(&set)), ERR_NONE);
	assert_int_equal(pool_finish(p), ERR_MANY_OF_HOST);
}

/* Nobody has read the stepping: a processor of each stands for the host. */
static void processors_of_a_host(void **state)
{
	const struct pool_host host = { .name = "a" };
	struct cpuid_set set = story_ivy;
	size_t count = 0;

	(void)state;
	pool_free(p);
	set.at[1].unknown[EAX] = 0xf;
	assert_int_equal(pool_add_report(p, &host, report_of(&set)), ERR_NONE);
	set.at[1].unknown[EAX] = 0;
	set.at[1].reg[EAX] = 0x306a9;
	assert_int_equal(pool_add_report(p, &(struct pool_host){ .name = "b" }, report_of(&set)),
	                 ERR_NONE);
	assert_int_equal(pool_finish(p), ERR_NONE);
	assert_int_equal(p->host[0].steppings, 0);
	assert_int_equal(p->host[1].steppings, 1 << 9);
	for (; pool_processor(&p->host[0], count, &set); count++)
		assert_int_equal(cpuid_value(&set, 1, 0, EAX) & 0xf, count);
	assert_int_equal(count, POOL_STEPPINGS);
	assert_true(pool_processor(&p->host[1], 0, &set));
	assert_int_equal(cpuid_value(&set, 1, 0, EAX), 0x306a9);
	assert_false(pool_processor(&p->host[1], 1, &set));
}

/* Versions 1 and 2 leave out what is all zero. */
static void earlier_versions_have_no_zeros(void **state)
{
	static const char zeros[] = "cpuid 00000005 00 00000000 00000000 00000000 00000000\n";
	struct where where;

	(void)state;
	pool_free(p);
	add(p, 0);
	first[spell(p, first)] = '\0';
	to_version_1(first);
	char *at = strstr(first, "cpuid 00000007");
	assert_non_null(at);
	memmove(at + sizeof(zeros) - 1, at, strlen(at) + 1);
	memcpy(at, zeros, sizeof(zeros) - 1);
	assert_int_equal(read_into(q, first, strlen(first), &where), ERR_EMPTY_LEAF);
}

/* A pool says of which files it has no host, and so does a pool that it is merged into. */
static void left_out_files_stay_named(void **state)
{
	struct where where;

	(void)state;
	pool_free(p);
	add(p, 0);
	assert_int_equal(pool_leave_out(p, "web-2.txt"), ERR_NONE);
	assert_int_equal(pool_leave_out(p, "web-1.txt"), ERR_NONE);
	assert_int_equal(pool_leave_out(p, "web-2.txt"), ERR_NONE);
	assert_int_equal(pool_finish(p), ERR_NONE);
	const size_t size = spell(p, first);
	first[size] = '\0';
	assert_non_null(strstr(first, "cpulevel-pool 4\n"));
	assert_non_null(
		strstr(first, "left-out \"web-1.txt\"\nleft-out \"web-2.txt\"\nanswer 0\n"));
	assert_int_equal(read_into(q, first, size, &where), ERR_NONE);
	assert_same_pools(p, q);
	pool_free(r);
	add(r, 1);
	assert_int_equal(pool_add_pool(r, q), ERR_NONE);
	assert_int_equal(pool_add_pool(r, p), ERR_NONE);
	assert_int_equal(pool_finish(r), ERR_NONE);
	assert_int_equal(r->hosts, 2);
	assert_int_equal(r->left_outs, 2);
	/* In another order they are not canonical. */
	memcpy(strstr(first, "web-1"), "web-3", 5);
	assert_int_equal(read_into(q, first, size, &where), ERR_ORDER);
}

/* Names of which each byte is escaped need four times their size, and their line. */
static void there_is_room_for_any_names(void **state)
{
	char name[POOL_NAME_MAX + 1];

	(void)state;
	memset(name, 0xff, POOL_NAME_MAX);
	name[POOL_NAME_MAX] = '\0';
	pool_free(p);
	add(p, 0);
	for (unsigned i = 0; i < 1000; i++) {
		name[0] = (char)(0x80 + i % 128);
		name[1] = (char)(0x80 + i / 128);
		assert_int_equal(pool_leave_out(p, name), ERR_NONE);
	}
	assert_int_equal(pool_finish(p), ERR_NONE);
	assert_int_equal(p->left_outs, 1000);
	assert_true(spell(p, first) <= pool_size(p));
}

/* Pools of more answers than 16 bits count are read and written. */
static void answers_have_no_maximum(void **state)
{
	static struct report report;
	static struct cpuid_set set;
	struct pool_host host = { .name = "h" };
	struct where where;

	(void)state;
	pool_free(p);
	for (uint32_t i = 0; i < 70000; i++) {
		memcpy(host.digest, &i, sizeof(i));
		report_start(&report);
		set.count = 0;
		cpuid_insert(&set, 0, 0)->reg[EBX] = i;
		report_add(&report, 0, &unknown, &set);
		assert_int_equal(pool_add_report(p, &host, &report), ERR_NONE);
	}
	assert_int_equal(pool_finish(p), ERR_NONE);
	assert_int_equal(p->answers, 70000);
	char *text = malloc(pool_size(p));
	struct text t;
	text_start(&t, text, pool_size(p));
	pool_write(&t, p, "test");
	assert_false(t.full);
	assert_int_equal(read_into(q, text, t.used, &where), ERR_NONE);
	assert_int_equal(q->answers, 70000);
	assert_int_equal(q->host[69999].answer[0]->index, p->host[69999].answer[0]->index);
	free(text);
}

static void seals_merge_in_any_order(void **state)
{
	static const struct cpuid_set *const set = &story_atom;
	static struct report report;
	struct pool_host host[3] = {
		{ .name = "h", .sealed = true, .key = { 2 } },
		{ .name = "h", .sealed = true, .key = { 1 } },
		{ .name = "h" },
	};

	(void)state;
	report_start(&report);
	assert_int_equal(pool_add_report(p, &host[0], &report), ERR_NO_KINDS);
	report_add(&report, 0, &unknown, set);
	for (unsigned order = 0; order < 27; order++) {
		const unsigned which[] = { order % 3, order / 3 % 3, order / 9, 0, 1 };

		pool_free(p);
		for (size_t i = 0; i < COUNT(which); i++)
			assert_int_equal(pool_add_report(p, &host[which[i]], &report), ERR_NONE);
		assert_int_equal(pool_finish(p), ERR_NONE);
		assert_int_equal(p->hosts, 1);
		assert_true(p->host[0].sealed);
		assert_int_equal(p->host[0].key[0], 1);
	}
}

static void differences_are_found_field_by_field(void **state)
{
	static const enum feature_id expected[] = {
		F_NUMLEVELS, F_SMX,      F_PCID,     F_X2APIC,   F_MOVBE,      F_XSAVE,
		F_OSXSAVE,   F_AVX,      F_F16C,     F_FSGSBASE, F_TSC_ADJUST, F_FCS_FDS_DEPRECATED,
		F_XCR0_X87,  F_XCR0_SSE, F_XCR0_AVX, F_XSAVEOPT, F_PREFETCHW,
	};
	struct differ d = { 0 };
	size_t i = 0;

	(void)state;
	for (; differ_next(&d, &story_atom, &story_ivy); i++) {
		assert_true(i < COUNT(expected));
		if (d.id != expected[i])
			fail_msg("%s, not %s", feature_name(d.id), feature_name(expected[i]));
		assert_int_equal(d.a, feature_value(&story_atom, d.id));
		assert_int_equal(d.b, feature_value(&story_ivy, d.id));
	}
	assert_int_equal(i, COUNT(expected));
	d = (struct differ){ 0 };
	assert_false(differ_next(&d, &story_ivy, &story_ivy));
}

static void differences_without_a_name_have_a_place(void **state)
{
	static struct cpuid_set a, b;
	struct differ d = { 0 };

	(void)state;
	a.count = b.count = 0;
	put(&a, 0x80000007, 0, EBX, 0x20);
	put(&b, 0x99, 3, EDX, 0x80000000);
	assert_true(differ_next(&d, &a, &b));
	assert_int_equal(d.at.leaf, 0x99);
	assert_int_equal(d.at.subleaf, 3);
	assert_int_equal(d.id, F_NONE);
	assert_int_equal(d.at.low, 31);
	assert_int_equal(d.b, 1);
	assert_true(differ_next(&d, &a, &b));
	assert_int_equal(d.at.leaf, 0x80000007);
	assert_int_equal(d.at.reg, EBX);
	assert_int_equal(d.at.low, 5);
	assert_false(differ_next(&d, &a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_answers_are_kept_once),
		cmocka_unit_test(a_pool_reads_back),
		cmocka_unit_test(version_1_is_read),
		cmocka_unit_test(merging_is_a_union),
		cmocka_unit_test(hosts_are_found_by_name),
		cmocka_unit_test(bad_pools_are_refused),
		cmocka_unit_test(reports_that_say_nothing_are_refused),
		cmocka_unit_test(a_host_has_so_many_answers),
		cmocka_unit_test(processors_of_a_host),
		cmocka_unit_test(earlier_versions_have_no_zeros),
		cmocka_unit_test(left_out_files_stay_named),
		cmocka_unit_test(there_is_room_for_any_names),
		cmocka_unit_test(answers_have_no_maximum),
		cmocka_unit_test(seals_merge_in_any_order),
		cmocka_unit_test(differences_are_found_field_by_field),
		cmocka_unit_test(differences_without_a_name_have_a_place),
	};

	return cmocka_run_group_tests_name("pool", tests, allocate, release);
}
