/* SPDX-License-Identifier: MIT */
#include "table/feature_find.h"

#include "base/ascii.h"
#include "table/feature_names.h"

#define NAME_MAX 64

/* Returns the character in the form in which names are compared. */
static char fold(char c)
{
	return c == '_' || c == '.' ? '-' : ascii_lower(c);
}

/* A walk over the names of a row, word by word. */
struct names {
	enum feature_id id;
	unsigned namer;
	const char *at;
};

static void names_start(struct names *n, enum feature_id id)
{
	*n = (struct names){ id, 0, feature_named(id, (enum feature_namer)0) };
}

/* Returns the next word through *word; a column may have several, separated by blanks or '|'. */
static bool names_next(struct names *n, const char **word, size_t *size)
{
	for (;;) {
		while (*n->at == ' ' || *n->at == '|')
			n->at++;
		*word = n->at;
		while (*n->at && *n->at != ' ' && *n->at != '|')
			n->at++;
		*size = (size_t)(n->at - *word);
		if (*size)
			return true;
		if (++n->namer == NAMERS)
			return false;
		n->at = feature_named(n->id, (enum feature_namer)n->namer);
	}
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

static const char *without_prefix(const char *name)
{
	/* Only with a dot: CPUID_MAXVAL_LIMIT_REMOVED is a name. */
	return ascii_size(name) > 6 && same(name, 6, "cpuid.", 6) && name[5] == '.' ? name + 6
	                                                                            : name;
}

static bool has_name(enum feature_id id, const char *name, size_t size)
{
	struct names n;
	const char *word;
	size_t word_size;

	names_start(&n, id);
	while (names_next(&n, &word, &word_size))
		if (same(word, word_size, name, size))
			return true;
	return false;
}

/* True if VMware has a capability of this name for the feature. */
static bool has_capability(enum feature_id id, const char *name, size_t size)
{
	struct names n;
	const char *word;
	size_t word_size;

	names_start(&n, id);
	while (names_next(&n, &word, &word_size) && n.namer == NAMED_CAPABILITY)
		if (same(word, word_size, name, size))
			return true;
	return false;
}

typedef bool is_named(enum feature_id id, const char *name, size_t size);

static size_t find_all(is_named *named, const char *name, enum feature_id *ids, size_t max)
{
	const size_t size = ascii_size(name);
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		if (!named((enum feature_id)i, name, size))
			continue;
		if (count < max)
			ids[count] = (enum feature_id)i;
		count++;
	}
	return count;
}

static bool has_manual_name(enum feature_id id, const char *name, size_t size)
{
	const char *own = feature_name(id);

	return same(own, ascii_size(own), name, size);
}

size_t feature_find(const char *name, enum feature_id *ids, size_t max)
{
	const char *bare = without_prefix(name);
	size_t count = find_all(has_capability, bare, ids, max);

	if (count == 1 || (count && bare != name))
		return count;
	count = find_all(has_manual_name, bare, ids, max);
	return count ? count : find_all(has_name, bare, ids, max);
}

enum feature_id feature_capability(const char *name)
{
	enum feature_id id;

	return find_all(has_capability, without_prefix(name), &id, 1) ? id : F_NONE;
}

/* Returns the number of characters to insert, delete or replace to turn one word into the other. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned row[NAME_MAX + 1];

	if (a_size > NAME_MAX || b_size > NAME_MAX)
		return NAME_MAX;
	for (size_t j = 0; j <= b_size; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_size; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_size; j++) {
			unsigned best = diagonal + (fold(a[i - 1]) != fold(b[j - 1]));
			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[b_size];
}

static unsigned nearest_name(enum feature_id id, const char *name, size_t size)
{
	const char *word = feature_name(id);
	size_t word_size = ascii_size(word);
	unsigned best = distance(word, word_size, name, size);
	struct names n;

	names_start(&n, id);
	while (names_next(&n, &word, &word_size)) {
		const unsigned d = distance(word, word_size, name, size);
		best = d < best ? d : best;
	}
	return best;
}

size_t feature_nearest(const char *name, enum feature_id *ids, size_t max)
{
	name = without_prefix(name);
	const size_t size = ascii_size(name);
	/* With more than a third of the letters wrong, it is not a misspelling. */
	const unsigned limit = (unsigned)(size / 3 + 1);
	size_t count = 0;

	for (unsigned d = 1; d <= limit && count < max; d++)
		for (unsigned id = F_NONE + 1; id < F_COUNT && count < max; id++)
			if (nearest_name((enum feature_id)id, name, size) == d)
				ids[count++] = (enum feature_id)id;
	return count;
}

static bool contains(const char *string, size_t size, const char *part, size_t part_size)
{
	for (size_t i = 0; i + part_size <= size; i++)
		if (same(string + i, part_size, part, part_size))
			return true;
	return false;
}

bool feature_matches(enum feature_id id, const char *part)
{
	const size_t part_size = ascii_size(part);
	const char *word = feature_name(id), *about = feature_about(id);
	size_t size = ascii_size(word);
	struct names n;

	if (contains(word, size, part, part_size) ||
	    contains(about, ascii_size(about), part, part_size))
		return true;
	names_start(&n, id);
	while (names_next(&n, &word, &size))
		if (contains(word, size, part, part_size))
			return true;
	return false;
}
