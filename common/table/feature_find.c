/* SPDX-License-Identifier: MIT */
#include "table/feature_find.h"

#include "base/ascii.h"
#include "table/feature_words.h"

/* With fewer letters, the beginning of a phrase may be anything. */
#define BEGINNING_MIN 8

/* A name that is looked for. */
struct wanted {
	const char *name;
	size_t size;
	bool capability; /* it came after "cpuid." */
	char squeezed[WORD_MAX];
	size_t squeezed_size;
};

static struct wanted wanted_name(const char *name, size_t size, bool capability)
{
	struct wanted w = { name, size, capability, "", 0 };

	w.squeezed_size = feature_words_squeeze(w.squeezed, name, size);
	return w;
}

/* Returns the character in the form in which names are compared. */
static char fold(char c)
{
	return c == '_' || c == '.' ? '-' : ascii_lower(c);
}

static bool same(const char *a, size_t a_size, const char *b, size_t b_size)
{
	if (a_size != b_size)
		return false;
	for (size_t i = 0; i < a_size; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

/* How a row can have a name, the best first. */
enum how {
	AS_WRITTEN,
	BY_OTHERS, /* AS_WRITTEN by anybody but the manual */
	BY_CAPABILITY,
	SQUEEZED,  /* without separators */
	BEGINNING, /* of a phrase */
};

/*
 * Returns how many characters of a string hold the letters and digits of a name from its beginning;
 * 0 if it does not begin with them, or a word of it goes on after them.
 */
static size_t begins(const char *string, size_t size, const struct wanted *w)
{
	size_t used = 0, i = 0;

	for (; i < size && used < w->squeezed_size; i++) {
		if (!feature_words_counts(string[i]))
			continue;
		if (ascii_lower(string[i]) != w->squeezed[used++])
			return 0;
	}
	if (used < w->squeezed_size || (i < size && feature_words_counts(string[i])))
		return 0;
	return i;
}

static bool equals_squeezed(const char *string, size_t size, const struct wanted *w)
{
	size_t i = begins(string, size, w);

	if (i == 0)
		return false;
	while (i < size && !feature_words_counts(string[i]))
		i++;
	return i == size;
}

/* True if a phrase has the name in parentheses: "Half-precision conversion (F16C)". */
static bool in_parentheses(const struct feature_words *word, const struct wanted *w)
{
	for (size_t i = 0; i < word->size; i++) {
		size_t end = i + 1;

		if (word->word[i] != '(')
			continue;
		while (end < word->size && word->word[end] != ')')
			end++;
		if (equals_squeezed(word->word + i + 1, end - i - 1, w))
			return true;
	}
	return false;
}

static bool is_named(const struct feature_words *word, const struct wanted *w, enum how how)
{
	switch (how) {
	case AS_WRITTEN:
		break;
	case BY_OTHERS:
		if (word->who == WORDS_MANUAL)
			return false;
		break;
	case BY_CAPABILITY:
		if (word->who != NAMED_CAPABILITY)
			return false;
		break;
	case SQUEEZED:
		return w->squeezed_size &&
		       (equals_squeezed(word->word, word->size, w) ||
		        (feature_words_phrase(word) && in_parentheses(word, w)));
	case BEGINNING:
		return w->squeezed_size >= BEGINNING_MIN && feature_words_phrase(word) &&
		       begins(word->word, word->size, w);
	}
	return same(word->word, word->size, w->name, w->size);
}

static bool has_name(enum feature_id id, const struct wanted *w, enum how how)
{
	struct feature_words word;

	/* Capabilities come first, and most rows have none. */
	if (how == BY_CAPABILITY && !*feature_named(id, NAMED_CAPABILITY))
		return false;
	feature_words_start(&word, id);
	while (feature_words_next(&word)) {
		if (is_named(&word, w, how))
			return true;
		if (how == BY_CAPABILITY && word.who != NAMED_CAPABILITY)
			return false;
	}
	return false;
}

static size_t find_all(const struct wanted *w, enum how how, enum feature_id *ids, size_t max)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		if (!has_name((enum feature_id)i, w, how))
			continue;
		if (count < max)
			ids[count] = (enum feature_id)i;
		count++;
	}
	return count;
}

static size_t find_wanted(const struct wanted *w, enum feature_id *ids, size_t max)
{
	static const enum how hows[] = { BY_OTHERS, AS_WRITTEN, SQUEEZED, BEGINNING };
	size_t count = 0;

	for (size_t i = w->capability ? 0 : 1; !count && i < sizeof(hows) / sizeof(hows[0]); i++)
		count = find_all(w, hows[i], ids, max);
	return count;
}

/*
 * Returns the name after the next "cpuid." of a string, or NULL.  In CPUID_MAXVAL_LIMIT_REMOVED,
 * which is a name, no dot follows it.
 */
static const char *next_capability(const char *string, size_t *ret_size)
{
	static const char prefix[] = "cpuid.";
	const size_t prefix_size = sizeof(prefix) - 1, size = ascii_size(string);

	for (size_t i = 0; i + prefix_size < size; i++) {
		const char *name = string + i + prefix_size;
		size_t used = 0;

		if (!same(string + i, prefix_size, prefix, prefix_size) || name[-1] != '.' ||
		    (i && feature_words_counts(string[i - 1])))
			continue;
		while (feature_words_counts(name[used]) || (name[used] && fold(name[used]) == '-' &&
		                                            feature_words_counts(name[used + 1])))
			used++;
		if (used) {
			*ret_size = used;
			return name;
		}
	}
	return NULL;
}

size_t feature_find(const char *name, enum feature_id *ids, size_t max)
{
	size_t count = 0, size = ascii_size(name);
	bool capability = false;

	for (const char *at = name; (at = next_capability(at, &size)); at += size) {
		const struct wanted w = wanted_name(at, size, true);
		const size_t left = count < max ? max - count : 0;

		count += find_wanted(&w, left ? ids + count : ids, left);
		capability = true;
	}
	if (capability)
		return count;
	const struct wanted w = wanted_name(name, size, false);
	return find_wanted(&w, ids, max);
}

enum feature_id feature_capability(const char *name)
{
	size_t size = ascii_size(name);
	const char *after = next_capability(name, &size);
	const struct wanted w = wanted_name(after ? after : name, size, true);
	enum feature_id id;

	return find_all(&w, BY_CAPABILITY, &id, 1) ? id : F_NONE;
}

static bool contains(const char *string, size_t size, const struct wanted *w)
{
	for (size_t i = 0; i + w->size <= size; i++)
		if (same(string + i, w->size, w->name, w->size))
			return true;
	return false;
}

static bool contains_squeezed(const char *string, size_t size, const struct wanted *w)
{
	char squeezed[WORD_MAX];
	const size_t used = feature_words_squeeze(squeezed, string, size);

	for (size_t i = 0; w->squeezed_size && i + w->squeezed_size <= used; i++)
		if (same(squeezed + i, w->squeezed_size, w->squeezed, w->squeezed_size))
			return true;
	return false;
}

bool feature_matches(enum feature_id id, const char *part)
{
	const struct wanted w = wanted_name(part, ascii_size(part), false);
	const char *about = feature_about(id);
	struct feature_words word;

	if (contains(about, ascii_size(about), &w))
		return true;
	feature_words_start(&word, id);
	while (feature_words_next(&word))
		if (contains(word.word, word.size, &w) ||
		    contains_squeezed(word.word, word.size, &w))
			return true;
	return false;
}
