/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "table/feature_find.h"
#include "table/feature_words.h"

/* How far a name is from another: 0 the nearest.  What is FAR is not offered. */
enum { FAR = 100 };

/* A beginning of a name is worth this many of its letters before its end is guessed. */
#define BEGINNING_MIN 3
/* A part of a name, which may begin anywhere. */
#define PART_MIN 4

/* The last three rows of the table of distances: a swap of two letters looks back two. */
struct rows {
	unsigned row[3][WORD_MAX + 1];
};

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Returns the number of letters to insert, delete, replace or swap with their neighbour to turn one
 * word into the other.
 */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	struct rows r;
	unsigned *before = r.row[0], *last = r.row[1], *row = r.row[2];

	for (size_t j = 0; j <= b_size; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_size; i++) {
		unsigned *const oldest = before;

		before = last;
		last = row;
		row = oldest;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_size; j++) {
			row[j] = smaller(last[j - 1] + (a[i - 1] != b[j - 1]),
			                 smaller(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
	}
	return row[b_size];
}

/* Returns how many letters may be wrong in a word of this size; any three are those of a name. */
static unsigned most_wrong(size_t size)
{
	return size < 4 ? 0 : size < 6 ? 1 : size < 12 ? 2 : 3;
}

static bool is_part(const char *string, size_t size, const char *part, size_t part_size)
{
	for (size_t i = 0; i + part_size <= size; i++) {
		size_t same = 0;

		while (same < part_size && string[i + same] == part[same])
			same++;
		if (same == part_size)
			return true;
	}
	return false;
}

/* Returns how far a name is from what was asked for: misspelt, its beginning, a part, or more. */
static unsigned far_from(const char *name, size_t name_size, const char *asked, size_t size)
{
	const size_t longer = name_size > size ? name_size - size : size - name_size;
	const unsigned most = most_wrong(size > name_size ? size : name_size);
	unsigned far = FAR;

	if (size >= BEGINNING_MIN && name_size > size && is_part(name, size, asked, size))
		far = 4 + (unsigned)longer / 4;
	else if (size >= PART_MIN && is_part(name, name_size, asked, size))
		far = 12 + (unsigned)longer / 4;
	else if (name_size >= PART_MIN && size > name_size &&
	         is_part(asked, name_size, name, name_size))
		far = 12 + (unsigned)longer / 4;
	if (longer <= most) {
		const unsigned wrong = distance(name, name_size, asked, size);

		/* The first letter is seldom wrong. */
		if (wrong && wrong <= most && (wrong == 1 || name[0] == asked[0]))
			far = smaller(far, 4 * wrong - (name[0] == asked[0]));
	}
	return far;
}

static unsigned nearest_name(enum feature_id id, const char *asked, size_t size)
{
	struct feature_words word;
	unsigned far = FAR;

	feature_words_start(&word, id);
	while (feature_words_next(&word)) {
		char name[WORD_MAX];
		const size_t name_size = feature_words_squeeze(name, word.word, word.size);

		if (name_size)
			far = smaller(far, far_from(name, name_size, asked, size));
	}
	return far;
}

/* Returns what follows VMware's "cpuid.", or all of the name. */
static const char *without_prefix(const char *name)
{
	static const char prefix[] = "cpuid.";
	size_t i = 0;

	while (prefix[i] && ascii_lower(name[i]) == prefix[i])
		i++;
	return prefix[i] ? name : name + i;
}

/* Names much farther than the nearest are no answer beside it. */
#define SPREAD 4

size_t feature_nearest(const char *name, enum feature_id *ids, size_t max)
{
	uint8_t far[F_COUNT];
	unsigned nearest = FAR;
	char asked[WORD_MAX];
	size_t count = 0;

	name = without_prefix(name);
	const size_t size = feature_words_squeeze(asked, name, ascii_size(name));
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		far[id] = (uint8_t)nearest_name((enum feature_id)id, asked, size);
		nearest = smaller(nearest, far[id]);
	}
	for (unsigned at = nearest; at < FAR && at <= nearest + SPREAD; at++)
		for (unsigned id = F_NONE + 1; id < F_COUNT && count < max; id++)
			if (far[id] == at)
				ids[count++] = (enum feature_id)id;
	return count;
}
