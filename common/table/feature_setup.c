/* SPDX-License-Identifier: MIT */
#include "table/feature_setup.h"

#include "base/ascii.h"
#include "base/mem.h"

/* One object, without pointers: see feature.c.  A name is found by counting the NULs before it. */
static const struct setups {
#define SETUP(feature, names) char f_##feature[sizeof(names)];
#include "table/feature_setup.def"
#undef SETUP
} setups = {
#define SETUP(feature, names) names,
#include "table/feature_setup.def"
#undef SETUP
};

static const uint16_t ids[] = {
#define SETUP(feature, names) F_##feature,
#include "table/feature_setup.def"
#undef SETUP
};

/* Returns the names in the row of a feature, or NULL. */
static const char *find(enum feature_id id)
{
	const char *at = (const char *)&setups;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (ids[i] == id)
			return at;
		while (*at++)
			;
	}
	return NULL;
}

const char *feature_setup_rows(size_t *ret_rows)
{
	*ret_rows = sizeof(ids) / sizeof(ids[0]);
	return (const char *)&setups;
}

const char *feature_setup(enum feature_id id)
{
	const char *names = find(id);

	return names ? names : "";
}

bool feature_setup_missing(enum feature_id id)
{
	const char *names = find(id);

	return names && !*names;
}

/* The size of the letters of a prompt or name; what is longer is no name of the table. */
#define LETTERS_MAX 128

static bool is_letter(char c)
{
	c = ascii_lower(c);
	return ascii_digit(c) || (c >= 'a' && c <= 'z');
}

/* Returns the size of "(R)" or "(TM)" at the beginning of a text, else 0. */
static size_t mark_size(const char *at, size_t size)
{
	if (size >= 3 && at[0] == '(' && ascii_lower(at[1]) == 'r' && at[2] == ')')
		return 3;
	return size >= 4 && at[0] == '(' && ascii_lower(at[1]) == 't' &&
	                       ascii_lower(at[2]) == 'm' && at[3] == ')'
	               ? 4
	               : 0;
}

/* Returns true for a word that vendors add to the name of an option, or leave out. */
static bool is_filler(const char *word, size_t size)
{
	static const char filler[][13] = { "intel",   "amd",      "technology", "support",
		                           "enable",  "control",  "mode",       "instructions",
		                           "feature", "function", "all" };

	for (size_t i = 0; i < sizeof(filler) / sizeof(filler[0]); i++)
		if (ascii_size(filler[i]) == size && memcmp(filler[i], word, size) == 0)
			return true;
	return false;
}

/* Writes the letters and digits of the words that count.  Returns how many; 0 if too many. */
static size_t take_letters(char letters[static LETTERS_MAX], const char *at, size_t size)
{
	size_t used = 0;

	while (size) {
		const size_t start = used, mark = mark_size(at, size);

		if (mark) {
			at += mark, size -= mark;
			continue;
		}
		while (size && is_letter(*at)) {
			if (used == LETTERS_MAX)
				return 0;
			letters[used++] = ascii_lower(*at);
			at++, size--;
		}
		if (is_filler(letters + start, used - start))
			used = start;
		if (size && mark_size(at, size) == 0)
			at++, size--;
	}
	return used;
}

bool feature_setup_names(enum feature_id id, const char *prompt)
{
	char own[LETTERS_MAX], other[LETTERS_MAX];
	const size_t size = take_letters(own, prompt, ascii_size(prompt));

	for (const char *name = feature_setup(id), *end; size && *name; name = end) {
		for (end = name; *end && *end != ';';)
			end++;
		if (take_letters(other, name, (size_t)(end - name)) == size &&
		    memcmp(own, other, size) == 0)
			return true;
		while (*end == ';' || *end == ' ')
			end++;
	}
	return false;
}

void feature_setup_put(struct text *t, enum feature_id id)
{
	const char *names = feature_setup(id);
	size_t size = 0;

	while (names[size] && names[size] != ';')
		size++;
	text_bytes(t, names, size);
}
