/* SPDX-License-Identifier: MIT */
/*
 * The forms of tests/data/setup/board.bin, which tests/hii_build.py makes of BIOS 2.21.2, and lists
 * that are damaged: no step beyond an end, in bounded time.
 */
#include "hii/hii.h"
#include "hii/hii_choice.h"
#include "hii_question.h"
#include "unit.h"

#define DATA_MAX    65536
#define READS_LIMIT 4000 /* far more than a list of this size has questions */

static uint8_t board[DATA_MAX], data[DATA_MAX];
static size_t board_size;
static struct setup options;

static int load_board(void **state)
{
	FILE *f = fopen("tests/data/setup/board.bin", "rb");

	(void)state;
	if (!f)
		return -1;
	board_size = fread(board, 1, sizeof(board), f);
	fclose(f);
	return board_size > 1000 && board_size < sizeof(board) ? 0 : -1;
}

/* The value of a byte is its offset. */
static const char *offsets(void *ctx, uint32_t list, const struct setup_store *store,
                           uint8_t *bytes, size_t size)
{
	(void)ctx;
	(void)list;
	if (store->kind == SETUP_NAMED)
		return "named";
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(store->offset + i);
	return NULL;
}

static bool take(void *ctx, const struct setup_question *q, const char *help)
{
	static struct hii_choice choice;
	uint32_t *count = ctx;

	if (choice.phrases == 0)
		hii_choice_start(&choice);
	hii_choice_takes(&choice, q->prompt, help);
	assert_true(hii_question_is_clean(q, help));
	setup_add(&options, q);
	return ++*count < READS_LIMIT;
}

/*
 * Reads lists in memory of exactly their size, so that the sanitizer sees a step beyond.  Returns
 * how many questions were given.
 */
static uint32_t read_lists(const uint8_t *at, size_t size, struct hii *h)
{
	uint8_t *exact = malloc(size ? size : 1);
	uint32_t count = 0;

	memcpy(exact, at, size);
	const size_t room = hii_count(h, exact, size);
	void *memory = malloc(room ? room : 1);
	setup_start(&options, NULL);
	if (room) {
		hii_open(h, memory);
		h->faults += !hii_each(h, offsets, take, &count);
	}
	assert_true(count == h->questions || count == READS_LIMIT);
	free(memory);
	free(exact);
	return count;
}

static void a_board_is_read(void **state)
{
	struct hii h;

	(void)state;
	assert_int_equal(read_lists(board, board_size, &h), 19);
	assert_int_equal(h.lists, 1);
	assert_int_equal(h.sets, 2);
	assert_int_equal(h.forms, 6);
	assert_int_equal(h.faults, 0);
	const struct setup_question *q = &options.question[1];
	assert_string_equal(q->path, "Setup > Advanced > Processor Configuration");
	assert_string_equal(q->prompt, "AES-NI");
	assert_string_equal(q->store.name, "Setup");
	assert_int_equal(q->store.offset, 0x10);
	assert_int_equal(q->value.number, 0x10);
	assert_null(q->value.text);
	assert_string_equal(q->standard.text, "Enabled");
	assert_int_equal(q->state, 0);
}

/* Several lists, and padding after the last one: zeros or ffH. */
static void padding_is_no_list(void **state)
{
	struct hii h;

	(void)state;
	for (int pad = 0; pad < 256; pad += 255) {
		memcpy(data, board, board_size);
		memcpy(data + board_size, board, board_size);
		memset(data + 2 * board_size, pad, 1000);
		assert_int_equal(read_lists(data, 2 * board_size + 1000, &h), 38);
		assert_int_equal(h.lists, 2);
		assert_int_equal(h.faults, 0);
	}
	assert_int_equal(read_lists(data, 0, &h), 0);
	assert_int_equal(h.lists, 0);
}

static void every_cut_is_read(void **state)
{
	struct hii h;

	(void)state;
	for (size_t size = 0; size < board_size; size++)
		assert_true(read_lists(board, size, &h) <= 19);
	/* With the length of the list mended, so that what is in it is cut. */
	for (size_t size = 20; size < board_size; size++) {
		memcpy(data, board, size);
		for (unsigned i = 0; i < 4; i++)
			data[16 + i] = (uint8_t)(size >> 8 * i);
		read_lists(data, size, &h);
	}
}

/* Scopes without end, forms that lead to each other, and nothing but references. */
static void hostile_lists_end(void **state)
{
	static const uint8_t form_set[] = { 0x0e, 0x98, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		                            1,    1,    1, 1, 1, 1, 0, 0, 0, 0, 0, 0 };
	static const uint8_t form[] = { 0x01, 0x86, 1, 0, 0, 0 };
	static const uint8_t ref[] = { 0x0f, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	static const uint8_t *const body[] = { form_set, form, ref };
	static const size_t body_size[] = { sizeof(form_set), sizeof(form), sizeof(ref) };
	struct hii h;

	(void)state;
	for (size_t repeated = 0; repeated < COUNT(body); repeated++) {
		size_t size = 24;

		memset(data, 0, sizeof(data));
		for (size_t i = 0; i < repeated; i++) {
			memcpy(data + size, body[i], body_size[i]);
			size += body_size[i];
		}
		while (size + body_size[repeated] < 60000) {
			memcpy(data + size, body[repeated], body_size[repeated]);
			size += body_size[repeated];
		}
		for (unsigned i = 0; i < 3; i++) {
			data[16 + i] = (uint8_t)(size >> 8 * i);
			data[20 + i] = (uint8_t)((size - 20) >> 8 * i);
		}
		data[23] = 2;
		assert_int_equal(read_lists(data, size, &h), 0);
		/* Only opcodes that open a scope can be nested too deeply. */
		assert_int_equal(h.faults, repeated < 2);
	}
}

static void append(size_t *size, const uint8_t *at, size_t count)
{
	memcpy(data + *size, at, count);
	*size += count;
}

/* Lists in lists, to the depth that is allowed, again and again, and in the innermost many options.
 */
static void nested_questions_end(void **state)
{
	static const uint8_t head[] = { 0x0e, 0x98, 1, 1, 1, 1, 1, 1, 1, 1,    1,    1, 1, 1, 1,
		                        1,    1,    1, 0, 0, 0, 0, 0, 0, 0x01, 0x86, 1, 0, 0, 0 };
	static const uint8_t list[] = { 0x23, 0x8f, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff, 0 };
	static const uint8_t option[] = { 0x09, 7, 0, 0, 0, 0, 9 };
	static const uint8_t end[] = { 0x29, 2 };
	uint8_t defaults[60] = { 0x5b, sizeof(defaults), 0, 0, 0x0b };
	struct hii h;
	size_t size = 24;

	(void)state;
	memset(defaults + 5, 8, sizeof(defaults) - 5);
	memset(data, 0, sizeof(data));
	append(&size, head, sizeof(head));
	while (size + 6000 < sizeof(data)) {
		for (unsigned i = 0; i < 60; i++)
			append(&size, list, sizeof(list));
		for (unsigned i = 0; i < 600; i++)
			append(&size, option, sizeof(option));
		append(&size, defaults, sizeof(defaults));
		for (unsigned i = 0; i < 60; i++)
			append(&size, end, sizeof(end));
	}
	for (unsigned i = 0; i < 3; i++) {
		data[16 + i] = (uint8_t)(size >> 8 * i);
		data[20 + i] = (uint8_t)((size - 20) >> 8 * i);
	}
	data[23] = 2;
	assert_true(read_lists(data, size, &h) >= 600);
	assert_int_equal(h.faults, 1);
	assert_int_equal(read_lists(board, board_size, &h), 19);
	assert_int_equal(h.faults, 0);
}

static void prompts_are_chosen(void **state)
{
	static const struct {
		const char *prompt, *help;
		bool chosen;
	} cases[] = {
		{ "AES-NI", "", true },
		{ "Intel(R) AES-NI support", "", true },
		{ "AES", "", true },
		{ "Phrases", "", false },
		{ "Enable SMX", "", true },
		{ "Intel (VMX) Virtualization Technology", "", true },
		{ "MonitorMWait", "", true },
		{ "Package C State limit", "", true },
		{ "Boot order", "", false },
		{ "Boot order", "Which processor core boots", true },
		{ "Boot order", "SVM", true },
		{ "Scores", "scoreboard", false },
		{ "", "", false },
		{ "Hyper-Threading [ALL]", "", true },
		{ "Microcode update", "", true },
		{ "Fan", "AVX", false },
	};
	static struct hii_choice choice;

	(void)state;
	hii_choice_start(&choice);
	assert_true(choice.phrases > 200 && choice.phrases < HII_PHRASES_MAX);
	for (size_t i = 0; i < COUNT(cases); i++)
		if (hii_choice_takes(&choice, cases[i].prompt, cases[i].help) != cases[i].chosen)
			fail_msg("%s: %s", cases[i].prompt, cases[i].help);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_board_is_read),    cmocka_unit_test(padding_is_no_list),
		cmocka_unit_test(every_cut_is_read),  cmocka_unit_test(hostile_lists_end),
		cmocka_unit_test(prompts_are_chosen), cmocka_unit_test(nested_questions_end),
	};

	return cmocka_run_group_tests(tests, load_board, NULL);
}
