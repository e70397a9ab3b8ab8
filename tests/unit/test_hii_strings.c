/* SPDX-License-Identifier: MIT */
/*
 * String packages: each kind of block of the UEFI specification (edition 2.10, 33.3.6), languages,
 * characters, and what is damaged.
 */
#include "hii/hii_walk.h"
#include "hii_list.h"

static void assert_text(unsigned id, const char *wanted)
{
	char text[64];

	assert_int_equal(hii_text(&h, 0, id, text, sizeof(text)), strlen(wanted));
	assert_string_equal(text, wanted);
}

static const struct {
	const char *what, *blocks;
	size_t count;
	unsigned id;
	const char *text;
	uint32_t faults;
} blocks[] = {
	{ "SCSU", BYTES("\x10One\0\0"), 1, "One" },
	{ "its font", BYTES("\x11\x07One\0\0"), 1, "One" },
	{ "several", BYTES("\x12\x02\0One\0Two\0\0"), 2, "Two" },
	{ "several with a font", BYTES("\x13\x07\x02\0One\0Two\0\0"), 2, "Two" },
	{ "UCS-2", BYTES("\x14O\0n\0e\0\0\0\0"), 1, "One" },
	{ "its font", BYTES("\x15\x07O\0n\0e\0\0\0\0"), 1, "One" },
	{ "several", BYTES("\x16\x02\0O\0\0\0T\0\0\0\0"), 2, "T" },
	{ "several with a font", BYTES("\x17\x07\x02\0O\0\0\0T\0\0\0\0"), 2, "T" },
	{ "none of several", BYTES("\x12\0\0\x10One\0\0"), 1, "One" },
	{ "again", BYTES("\x10One\0\x20\x01\0\x10Three\0\0"), 2, "One" },
	{ "one that is not there, again", BYTES("\x20\x09\0\x10Two\0\0"), 1, "" },
	{ "and the next", BYTES("\x20\x09\0\x10Two\0\0"), 2, "Two" },
	{ "some left out",
	  BYTES("\x10One\0\x22\x03\x10"
	        "Five\0\0"),
	  5, "Five" },
	{ "which are not there",
	  BYTES("\x10One\0\x22\x03\x10"
	        "Five\0\0"),
	  3, "" },
	{ "many left out", BYTES("\x21\xff\0\x10Last\0\0"), 256, "Last" },
	{ "a short extension", BYTES("\x30\x40\x04?\x10One\0\0"), 1, "One" },
	{ "a longer one", BYTES("\x31\x40\x05\0?\x10One\0\0"), 1, "One" },
	{ "the longest", BYTES("\x32\x40\x07\0\0\0?\x10One\0\0"), 1, "One" },
	{ "no end of blocks", BYTES("\x10One\0"), 1, "One" },
	{ "no such string", BYTES("\x10One\0\0"), 2, "" },
	{ "number 0", BYTES("\x10One\0\0"), 0, "" },

	{ "no end of a string", BYTES("\x10One"), 1, "", 1 },
	{ "half an end", BYTES("\x14O\0\0"), 1, "", 1 },
	{ "no number of strings", BYTES("\x12\x02"), 1, "", 1 },
	{ "fewer strings", BYTES("\x12\x02\0One\0"), 1, "One", 1 },
	{ "an unknown block", BYTES("\x10One\0\x40\x10Two\0\0"), 2, "", 1 },
	{ "a short SKIP1", BYTES("\x22"), 1, "", 1 },
	{ "a short SKIP2", BYTES("\x21\x01"), 1, "", 1 },
	{ "a short duplicate", BYTES("\x10One\0\x20\x01"), 2, "", 1 },
	{ "an extension of no length", BYTES("\x30\x40\0\x10One\0\0"), 1, "", 1 },
	{ "a long extension", BYTES("\x30\x40\x40\x10One\0\0"), 1, "", 1 },
	{ "half an extension", BYTES("\x32\x40\x07\0"), 1, "", 1 },
	{ "more than there are numbers", BYTES("\x21\xfe\xff\x12\x02\0A\0B\0\0"), 65535, "A", 1 },
	{ "numbers that end", BYTES("\x21\xff\xff\x10One\0\0"), 1, "" },

	{ "ISO 8859-1", BYTES("\x10\xe9t\xe9\0\0"), 1, "\xc3\xa9t\xc3\xa9" },
	{ "tags of SCSU",
	  BYTES("\x10\x12"
	        "A\x01\0\0"),
	  1, "?A?" },
	{ "blanks", BYTES("\x10 \tOne\t\r\nTwo \n\0\0"), 1, "One   Two" },
	{ "only blanks", BYTES("\x10  \n\0\0"), 1, "" },
	{ "a hard blank", BYTES("\x14\xa0\0A\0\xa0\0B\0\xa0\0\0\0\0"), 1, "A B" },
	{ "three bytes", BYTES("\x14\x22\x21\0\0\0"), 1, "\xe2\x84\xa2" },
	{ "four bytes", BYTES("\x14\x3d\xd8\x00\xde!\0\0\0\0"), 1, "\xf0\x9f\x98\x80!" },
	{ "half a pair", BYTES("\x14\x3d\xd8!\0\0\0\0"), 1, "?!" },
	{ "half a pair before another character", BYTES("\x14\x3d\xd8\x00\xe0\0\0\0"), 1,
	  "?\xee\x80\x80" },
	{ "the other half", BYTES("\x14\x00\xde!\0\0\0\0"), 1, "?!" },
	{ "widths of glyphs",
	  BYTES("\x14\xf6\xff"
	        "A\0\xf7\xff\0\0\0"),
	  1, "A" },
	{ "U+FF01", BYTES("\x14\x01\xff\0\0\0"), 1, "\xef\xbc\x81" },
};

static void each_block_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(blocks); i++) {
		char text[64];

		begin_list();
		append_strings("en-US", blocks[i].blocks, blocks[i].count);
		open_list();
		hii_text(&h, 0, blocks[i].id, text, sizeof(text));
		if (strcmp(text, blocks[i].text) != 0 || h.faults != blocks[i].faults)
			fail_msg("row %zu, %s: \"%s\", %u faults", i, blocks[i].what, text,
			         h.faults);
	}
}

static void american_english_is_the_best_language(void **state)
{
	static const struct {
		const char *first, *second, *wanted;
	} pairs[] = {
		{ "en-US", "de", "first" },     { "de", "en-US", "second" },
		{ "en", "en-US", "second" },    { "en-US", "en", "first" },
		{ "de", "en", "second" },       { "de", "en-GB", "second" },
		{ "en-GB", "en", "first" },     { "de", "fr", "first" },
		{ "de", "es", "first" },        { "de", "eng", "first" },
		{ "x-UEFI", "de", "second" },   { "X-AMI", "fr", "second" },
		{ "xh", "fr", "first" },        { "x-UEFI", "x-AMI", "" },
		{ "en-USA", "en-GB", "first" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		char text[16];

		begin_list();
		append_strings(pairs[i].first, BYTES("\x10"
		                                     "first\0\0"));
		append_strings(pairs[i].second, BYTES("\x10second\0\0"));
		open_list();
		hii_text(&h, 0, 1, text, sizeof(text));
		if (strcmp(text, pairs[i].wanted) != 0 || h.faults)
			fail_msg("row %zu: \"%s\", %u faults", i, text, h.faults);
	}
}

static void a_text_is_cut_after_a_whole_character(void **state)
{
	static const struct {
		size_t room;
		const char *text;
	} cuts[] = { { 1, "" },
		     { 2, "A" },
		     { 3, "A" },
		     { 4, "A" },
		     { 5, "A\xe2\x84\xa2" },
		     { 6, "A\xe2\x84\xa2"
		          "B" },
		     { 7, "A\xe2\x84\xa2"
		          "B" } };

	(void)state;
	begin_list();
	append_strings("en-US", BYTES("\x14"
	                              "A\0\x22\x21"
	                              "B\0\0\0\0"));
	open_list();
	for (size_t i = 0; i < COUNT(cuts); i++) {
		char *text = malloc(cuts[i].room);

		assert_int_equal(hii_text(&h, 0, 1, text, cuts[i].room), strlen(cuts[i].text));
		assert_string_equal(text, cuts[i].text);
		free(text);
	}
}

static void damaged_packages_have_no_strings(void **state)
{
	(void)state;
	/* The strings begin after the end of the package. */
	begin_list();
	append_strings("en-US", BYTES("\x10One\0\0"));
	put_number(LIST_HEADER + 8, 4, size);
	open_list();
	assert_text(1, "");
	assert_int_equal(h.faults, 1);
	/* No room for the name of the language. */
	begin_list();
	append(4, (uint8_t[STRING_HEADER - 4]){ 0 }, STRING_HEADER - 4);
	open_list();
	assert_text(1, "");
	assert_int_equal(h.faults, 0);
	/* Nothing after the name of a language. */
	begin_list();
	append_strings("d", "", 0);
	append_strings("fr", BYTES("\x10Un\0\0"));
	open_list();
	assert_text(1, "Un");
	/* A package that is longer than the list. */
	put_number(LIST_HEADER, 3, size);
	open_list();
	assert_true(h.faults > 0);
	/* A list that is not there. */
	char text[4] = "???";
	assert_int_equal(hii_text(&h, 1, 1, text, sizeof(text)), 0);
	assert_string_equal(text, "");
}

static void the_last_device_path_of_a_list_counts(void **state)
{
	(void)state;
	begin_list();
	append(8, BYTES("\x7f\xff\x04\x00"));
	const size_t last = append(8, BYTES("\x01\x01\x06\x00\x01\x1f\x7f\xff\x04\x00"));
	open_list();
	assert_int_equal(h.lists, 1);
	assert_int_equal(h.list[0].path, last + 4);
	assert_int_equal(h.list[0].path_size, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_block_is_read),
		cmocka_unit_test(american_english_is_the_best_language),
		cmocka_unit_test(a_text_is_cut_after_a_whole_character),
		cmocka_unit_test(damaged_packages_have_no_strings),
		cmocka_unit_test(the_last_device_path_of_a_list_counts),
	};

	return cmocka_run_group_tests(tests, NULL, release_list);
}
