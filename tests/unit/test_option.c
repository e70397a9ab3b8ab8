/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "compare/option.h"
#include "compare/verdict.h"
#include "fleet/options.h"
#include "table/feature_setup.h"
#include "unit.h"

static struct report report[3];
static struct option_host host[3];

/* Adds an option of a store at an offset; the value has a text, or none if text is NULL. */
static void add(struct report *r, const char *prompt, const char *store, uint32_t offset,
                uint64_t number, const char *text)
{
	const struct setup_value value = { SETUP_NUMBER, number, text };
	const struct setup_question q = {
		.path = "Setup > Advanced > CPU",
		.prompt = prompt,
		.kind = SETUP_ONE_OF,
		.store = { SETUP_VARIABLE, store, { 1 }, offset, 0, 8 },
		.value = value,
		.standard = value,
		.manufacturing = value,
	};

	if (!r->setup.there)
		setup_start(&r->setup, NULL);
	assert_true(setup_add(&r->setup, &q));
	r->setup.found = r->setup.chosen = (uint32_t)r->setup.count;
}

static void a_prompt_is_a_name_of_an_option(void **state)
{
	static const struct {
		enum feature_id id;
		const char *prompt;
		bool is;
	} cases[] = {
		{ F_AESNI, "AES-NI", true },
		{ F_AESNI, "Intel(R) AES-NI", true },
		{ F_AESNI, "AES Instructions", true },
		{ F_AESNI, "aes", true },
		{ F_AESNI, "AES-NI Lock", false },
		{ F_AESNI, "", false },
		{ F_AESNI, "Control", false },
		{ F_AESNI, "\xe2\x84\xa2", false },
		{ F_VMX, "Intel (R) Virtualization Technology", true },
		{ F_VMX, "Intel(R) Virtualization Technology", true },
		{ F_VMX, "Virtualization Technology", true },
		{ F_VMX, "Intel(R) VT for Directed I/O (VT-d)", false },
		{ F_VMX, "VMX Lock", false },
		{ F_HTT, "Hyper-Threading [ALL]", true },
		{ F_HTT, "Intel(R) Hyper-Threading Technology", true },
		{ F_HTT, "HyperThreading", true },
		{ F_HTT, "Hyper-Threading Priority", false },
		{ F_AVX, "AVX", true },
		{ F_AVX, "AVX-512", false },
		{ F_AVX512F, "AVX-512", true },
		{ F_MONITOR, "MonitorMWait", true },
		{ F_MONITOR, "Monitor Mwait", true },
		{ F_TM, "CPU TM Function", true },
		{ F_NX, "Execute Disable Bit", true },
		{ F_FPU, "FPU", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (feature_setup_names(cases[i].id, cases[i].prompt) != cases[i].is)
			fail_msg("row %zu: %s", i, cases[i].prompt);
}

static void every_name_of_the_table_is_found(void **state)
{
	size_t names = 0;

	(void)state;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		for (const char *at = feature_setup((enum feature_id)id); *at; names++) {
			char name[256];
			const size_t size = strcspn(at, ";");

			snprintf(name, sizeof(name), "%.*s", (int)size, at);
			if (!feature_setup_names((enum feature_id)id, name))
				fail_msg("%s", name);
			at += size;
			at += strspn(at, "; ");
		}
	assert_true(names > 100);
}

/* Sets report[0] to report[2] to empty ones. */
static void begin(void)
{
	for (size_t i = 0; i < 3; i++)
		report_start(&report[i]);
}

static void an_option_is_found_where_offsets_moved(void **state)
{
	const struct setup_question *q;

	(void)state;
	begin();
	add(&report[0], "AES-NI", "Setup", 0x10, 1, "Enabled");
	add(&report[0], "Old name", "Setup", 0x11, 1, "Enabled");
	add(&report[1], "Key Locker", "Setup", 0x10, 1, "Enabled");
	add(&report[1], "AES-NI", "Other", 0x14, 0, "Disabled");
	q = option_find(&report[0].setup, &report[0].setup.question[0], &report[1].setup);
	assert_ptr_equal(q, &report[1].setup.question[1]);
	assert_null(option_find(&report[0].setup, &report[0].setup.question[1], &report[1].setup));
}

static void three_of_one_name_are_told_apart_by_their_stores(void **state)
{
	const struct setup *a = &report[0].setup, *b = &report[1].setup;

	(void)state;
	begin();
	add(&report[0], "Hyper-Threading", "CpuSetup", 5, 1, "On");
	add(&report[0], "Hyper-Threading", "Setup", 0xcad, 0, "On");
	add(&report[0], "Hyper-Threading", "Setup", 0xcad, 0, "On");
	add(&report[1], "Hyper-Threading", "Setup", 0xcc0, 0, "On");
	add(&report[1], "Hyper-Threading", "Setup", 0xcc0, 0, "On");
	add(&report[1], "Hyper-Threading", "CpuSetup", 7, 1, "On");
	assert_ptr_equal(option_find(a, &a->question[0], b), &b->question[2]);
	assert_ptr_equal(option_find(a, &a->question[1], b), &b->question[0]);
	assert_ptr_equal(option_find(a, &a->question[2], b), &b->question[1]);
	assert_ptr_equal(option_find(b, &b->question[1], a), &a->question[2]);
}

static void values_are_compared_by_their_texts(void **state)
{
	static const struct {
		struct setup_value a, b;
		bool same;
	} cases[] = {
		{ { SETUP_NUMBER, 0, "Enable" }, { SETUP_NUMBER, 1, "Enable" }, true },
		{ { SETUP_NUMBER, 0, "Enable" }, { SETUP_NUMBER, 0, "Disable" }, false },
		{ { SETUP_NUMBER, 3, NULL }, { SETUP_NUMBER, 3, NULL }, true },
		{ { SETUP_NUMBER, 3, NULL }, { SETUP_NUMBER, 4, NULL }, false },
		{ { SETUP_NUMBER, 3, NULL }, { SETUP_NUMBER, 3, "Three" }, false },
		{ { SETUP_NONE, 0, NULL }, { SETUP_NONE, 0, NULL }, true },
		{ { SETUP_NONE, 0, NULL }, { SETUP_COMPUTED, 0, NULL }, false },
		{ { SETUP_UNKNOWN, 0, "a" }, { SETUP_NUMBER, 0, "a" }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (option_same_value(&cases[i].a, &cases[i].b) != cases[i].same)
			fail_msg("row %zu", i);
}

/* Returns all options of the three reports. */
static void take_all(struct options *o)
{
	static const struct option_host *const at[] = { &host[0], &host[1], &host[2] };

	for (size_t i = 0; i < 3; i++)
		assert_true(option_host_take(&host[i], &report[i]));
	assert_true(options_make(o, at, 3));
}

static void free_all(struct options *o)
{
	options_free(o);
	for (size_t i = 0; i < 3; i++)
		option_host_free(&host[i]);
}

static void options_of_many_hosts(void **state)
{
	struct options o;

	(void)state;
	begin();
	add(&report[0], "AES-NI", "Setup", 0x10, 1, "Enabled");
	add(&report[0], "SMT", "Setup", 0x11, 0, "Enable");
	add(&report[0], "SMT", "CpuSetup", 0x11, 0, "Enable");
	add(&report[2], "SMT", "CpuSetup", 0x19, 1, "Enable");
	add(&report[2], "Key Locker", "Setup", 0x20, 1, "Enabled");
	add(&report[2], "AES-NI", "Setup", 0x14, 1, "Disabled");
	take_all(&o);
	assert_int_equal(o.count, 4);
	assert_string_equal(o.option[0].at->question->prompt, "AES-NI");
	assert_int_equal(o.option[0].hosts, 2);
	assert_false(o.option[0].twice);
	assert_true(option_values_differ(&o.option[0]));
	assert_string_equal(o.option[1].at->question->store.name, "Setup");
	assert_int_equal(o.option[1].hosts, 1);
	assert_true(o.option[1].twice);
	assert_string_equal(o.option[2].at->question->store.name, "CpuSetup");
	assert_int_equal(o.option[2].hosts, 2);
	assert_false(option_values_differ(&o.option[2]));
	assert_string_equal(o.option[3].at->question->prompt, "Key Locker");
	assert_null(option_on(&o.option[0], 1));
	assert_int_equal(option_on(&o.option[0], 2)->store.offset, 0x14);
	assert_null(option_on(&o.option[3], 0));
	assert_false(host[1].there);
	free_all(&o);
}

static void nothing_may_have_been_read(void **state)
{
	struct option_host h;

	(void)state;
	begin();
	setup_start(&report[0].setup, "no HII database");
	assert_true(option_host_take(&h, &report[0]));
	assert_true(h.there && h.none);
	assert_string_equal(h.why, "no HII database");
	assert_int_equal(h.count, 0);
	option_host_free(&h);
	assert_false(h.there);
}

/* By the digest over all questions, also those that are not in the report. */
static void all_of_setup_is_the_same_or_not(void **state)
{
	static const struct {
		struct option_host a, b;
		bool same;
	} cases[] = {
		{ { .there = true, .found = 3, .digest = { 1 } },
		  { .there = true, .found = 3, .digest = { 1 } },
		  true },
		{ { .there = true, .found = 3, .digest = { 1 } },
		  { .there = true, .found = 3, .digest = { 2 } },
		  false },
		{ { .there = true, .found = 3 }, { .there = true, .found = 4 }, false },
		{ { .there = true, .none = true }, { .there = true }, false },
		{ { .there = true }, { .there = true, .none = true }, false },
		{ { .there = false }, { .there = true }, false },
		{ { .there = true }, { .there = false }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(option_hosts_same(&cases[i].a, &cases[i].b), cases[i].same);
}

/* Of one path, prompt and store they are told apart by their order; other defaults are noticed. */
static void options_of_one_store(void **state)
{
	struct options o;

	(void)state;
	begin();
	for (size_t i = 0; i < 3; i += 2) {
		add(&report[i], "SMT", "Setup", 0x11, 0, "Off");
		add(&report[i], "SMT", "Setup", 0x12, 1, i ? "On" : "Auto");
		report[i].setup.question[1].value = report[i].setup.question[0].value;
	}
	take_all(&o);
	assert_int_equal(o.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(o.option[i].hosts, 2);
		assert_int_equal(o.option[i].at->nth, i);
		assert_false(option_values_differ(&o.option[i]));
		assert_int_equal(option_defaults_differ(&o.option[i]), i);
	}
	free_all(&o);
}

/* As fast with a value of its own on each host as with one for all: not in pairs. */
static void hosts_are_grouped_by_value(void **state)
{
	enum { HOSTS = 100000 };
	struct setup_question *q = calloc(HOSTS, sizeof(*q));
	struct option_at *at = calloc(HOSTS, sizeof(*at));
	const struct setup_option option = { .hosts = HOSTS, .at = at };
	const clock_t start = clock();

	(void)state;
	assert_true(q && at);
	for (size_t i = 0; i < HOSTS; i++) {
		q[i].value.number = i < 6 ? 7 - i % 3 : i * 3;
		at[i] = (struct option_at){ .host = i, .question = &q[i] };
	}
	q[4].value.text = "six";
	q[5].value.known = SETUP_UNKNOWN;
	const struct option_at **list = options_by_value(&option);
	assert_non_null(list);
	static const size_t expected[] = { 0, 3, 1, 2, 4, 5, 6, 7 };
	static const size_t sizes[] = { 2, 0, 1, 1, 1, 1, 1, 1 };
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		assert_int_equal(list[i]->host, expected[i]);
		if (sizes[i])
			assert_int_equal(options_of_value(&list[i], HOSTS - i), sizes[i]);
	}
	assert_int_equal(list[HOSTS - 1]->host, HOSTS - 1);
	assert_int_equal(options_of_value(list, 0), 0);
	/* In pairs there would be 5,000,000,000 comparisons. */
	assert_true(clock() - start < 5 * (clock_t)CLOCKS_PER_SEC);
	free(list);
	free(at);
	free(q);
}

/* A verdict in which AES is on here, or off, and the other way round there. */
static void golden_says(const struct setup *mine, const struct setup *there, const char *expected)
{
	static struct verdict_list list;
	const struct verdict_golden golden = { true, true, mine, there };
	char buffer[1024];
	struct text t;

	list.count = 1;
	list.item[0] = (struct verdict_item){
		.what = DRIFT_FEATURE,
		.id = F_AESNI,
		.at = feature_place(F_AESNI),
		.bit = true,
		.mine = VERDICT_OFF,
		.theirs = VERDICT_ON,
	};
	text_start(&t, buffer, sizeof(buffer));
	verdict_write_golden(&t, &list, &golden);
	assert_string_equal(text_string(&t), expected);
}

#define DIFFERS "DIFFERS from golden.txt: AESNI is off here, on there. Check \""

static void the_verdict_names_the_option(void **state)
{
	char text[REPORT_STRING_MAX + 1] = "";

	(void)state;
	begin();
	add(&report[0], "AES-NI", "Setup", 0x10, 0, "Disabled");
	add(&report[1], "AES-NI", "Setup", 0x14, 1, "Enabled");
	golden_says(&report[0].setup, &report[1].setup,
	            DIFFERS "Setup > Advanced > CPU > AES-NI\" (Disabled here, Enabled in "
	                    "golden.txt) in setup");
	golden_says(&report[0].setup, &report[2].setup,
	            DIFFERS "Setup > Advanced > CPU > AES-NI\" (Disabled here, default Disabled) "
	                    "in setup");
	golden_says(&report[0].setup, &report[0].setup,
	            DIFFERS "Setup > Advanced > CPU > AES-NI\" (Disabled here and in golden.txt: "
	                    "not the cause) in setup");
	golden_says(&report[2].setup, &report[1].setup, DIFFERS "AES-NI\" in setup");
	golden_says(NULL, NULL, DIFFERS "AES-NI\" in setup");

	/* Of several, the one that differs. */
	begin();
	add(&report[0], "AES Instructions", "Setup", 0x9, 1, "On");
	add(&report[0], "AES-NI", "Setup", 0x10, 0, "Disabled");
	add(&report[1], "AES Instructions", "Setup", 0x9, 1, "On");
	add(&report[1], "AES-NI", "Setup", 0x14, 1, "Enabled");
	golden_says(&report[0].setup, &report[1].setup,
	            DIFFERS "Setup > Advanced > CPU > AES-NI\" (Disabled here, Enabled in "
	                    "golden.txt) in setup");

	/* What is too long for the screen is named as the table names it. */
	begin();
	memset(text, 'x', sizeof(text) - 1);
	add(&report[0], "AES-NI", "Setup", 0x10, 0, text);
	golden_says(&report[0].setup, &report[2].setup, DIFFERS "AES-NI\" in setup");
}

static void a_long_path_is_shortened(void **state)
{
	const struct setup_question q = {
		.path = "Setup > Advanced > Processor, Memory and Chipset Configuration > "
			"Processor Configuration > Per-Socket Configuration > Socket 0",
		.prompt = "AES-NI",
		.state = SETUP_SUPPRESSED | SETUP_UNREACHED,
		.value = { SETUP_UNKNOWN, 0, "no such variable" },
		.standard = { .known = SETUP_COMPUTED },
		.manufacturing = { .known = SETUP_COMPUTED },
	};

	(void)state;
	begin();
	setup_start(&report[0].setup, NULL);
	assert_true(setup_add(&report[0].setup, &q));
	golden_says(&report[0].setup, NULL,
	            DIFFERS "... > Processor Configuration > Per-Socket Configuration > Socket 0 > "
	                    "AES-NI\" (suppressed, no form leads here) (no value: no such variable "
	                    "here, default computed) in setup");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prompt_is_a_name_of_an_option),
		cmocka_unit_test(every_name_of_the_table_is_found),
		cmocka_unit_test(an_option_is_found_where_offsets_moved),
		cmocka_unit_test(three_of_one_name_are_told_apart_by_their_stores),
		cmocka_unit_test(values_are_compared_by_their_texts),
		cmocka_unit_test(options_of_many_hosts),
		cmocka_unit_test(nothing_may_have_been_read),
		cmocka_unit_test(all_of_setup_is_the_same_or_not),
		cmocka_unit_test(options_of_one_store),
		cmocka_unit_test(hosts_are_grouped_by_value),
		cmocka_unit_test(the_verdict_names_the_option),
		cmocka_unit_test(a_long_path_is_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
