/* SPDX-License-Identifier: MIT */
#include "base/near.h"

#include "unit.h"

/* What is offered for a word, of these names. */
static const char *const names[] = { "verify",  "merge",    "mask",    "mask-merge",
	                             "evc",     "export",   "explain", "take",
	                             "amd-zen", "amd-zen2", "amd-zen3" };

static const struct {
	const char *asked, *offered;
} words[] = {
	{ "mrege", "; did you mean merge?" },
	{ "vrify", "; did you mean verify?" },
	{ "verifyy", "; did you mean verify?" },
	{ "VERIFY", "; did you mean verify?" },
	{ "evx", "; did you mean evc?" },
	{ "maks", "; did you mean mask?" },
	{ "exp", "; did you mean export or explain?" },
	{ "amd-zen9", "; did you mean amd-zen, amd-zen2 or amd-zen3?" },
	{ "mask-mrege", "; did you mean mask-merge?" },
	{ "mask-mre", "; did you mean mask-merge?" },
	{ "zz", "" },
	{ "", "" },
	{ "nothing-like-it", "" },
};

static void offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		char line[256];
		struct near near;
		struct text t;

		near_start(&near, words[i].asked);
		for (size_t k = 0; k < COUNT(names); k++)
			near_add(&near, names[k], strlen(names[k]));
		text_start(&t, line, sizeof(line));
		near_put(&t, &near, "");
		assert_string_equal(text_string(&t), words[i].offered);
	}
}

/* Words of any length are compared, and none beyond the limit is near. */
static void long_words(void **state)
{
	char word[2 * NEAR_WORD_MAX + 1];

	(void)state;
	for (size_t size = 4; size < sizeof(word); size++) {
		char other[sizeof(word)];
		struct near near;

		memset(word, 'a', size);
		word[size] = '\0';
		strcpy(other, word);
		other[size / 2] = 'b';
		near_start(&near, word);
		near_add(&near, other, size);
		assert_int_equal(near.count, size <= NEAR_WORD_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
