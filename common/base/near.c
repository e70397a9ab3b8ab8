/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/near.h"

/* A beginning of a name is worth this many of its letters before its end is guessed. */
#define BEGINNING_MIN 3
/* A beginning of so many letters may be misspelt. */
#define BEGINNING_LONG 8
/* A part of a name, which may begin anywhere. */
#define PART_MIN 4

/* The last three rows of the table of distances: a swap of two letters looks back two. */
struct rows {
	unsigned row[3][NEAR_WORD_MAX + 1];
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
	/* cppcheck-suppress uninitvar ; the addresses of rows */
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

/* Returns how many letters may be wrong in a word of this size. */
static unsigned most_wrong(size_t size, size_t shortest)
{
	return size < shortest ? 0 : size < 6 ? 1 : size < 12 ? 2 : 3;
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

static unsigned far_from(const char *name, size_t name_size, const char *asked, size_t size,
                         size_t shortest)
{
	const size_t longer = name_size > size ? name_size - size : size - name_size;
	const unsigned most = most_wrong(size > name_size ? size : name_size, shortest);
	unsigned far = NEAR_FAR;

	if (!size || size > NEAR_WORD_MAX || name_size > NEAR_WORD_MAX)
		return NEAR_FAR;
	if (size >= BEGINNING_MIN && name_size > size && is_part(name, size, asked, size))
		far = 4 + (unsigned)longer / 4;
	else if ((size >= PART_MIN && is_part(name, name_size, asked, size)) ||
	         (name_size >= PART_MIN && size > name_size &&
	          is_part(asked, name_size, name, name_size)))
		far = 12 + (unsigned)longer / 4;
	if (longer <= most) {
		const unsigned wrong = distance(name, name_size, asked, size);

		if (!wrong)
			return 0;
		/* The first letter is seldom wrong. */
		if (wrong <= most && (wrong == 1 || name[0] == asked[0]))
			far = smaller(far, 4 * wrong - (name[0] == asked[0]));
	}
	if (far == NEAR_FAR && size >= BEGINNING_LONG && name_size > size) {
		const unsigned wrong = distance(name, size, asked, size);

		far = wrong <= 2 ? 8 + 4 * wrong : far;
	}
	return far;
}

unsigned near_far(const char *name, size_t name_size, const char *asked, size_t size)
{
	/* Any three letters are those of some feature. */
	return far_from(name, name_size, asked, size, 4);
}

/* Names much farther than the nearest are no answer beside it. */
#define SPREAD 4

void near_start(struct near *n, const char *asked)
{
	*n = (struct near){ 0 };
	n->size = ascii_size(asked);
	for (size_t i = 0; i < n->size && i < NEAR_WORD_MAX; i++)
		n->asked[i] = ascii_lower(asked[i]);
}

void near_add(struct near *n, const char *name, size_t size)
{
	char lower[NEAR_WORD_MAX];
	size_t at = n->count;

	for (size_t i = 0; i < size && i < NEAR_WORD_MAX; i++)
		lower[i] = ascii_lower(name[i]);
	const unsigned far = far_from(lower, size, n->asked, n->size, 3);
	if (far == NEAR_FAR)
		return;
	while (at > 0 && n->far[at - 1] > far)
		at--;
	if (at == NEAR_OFFERED)
		return;
	n->count += n->count < NEAR_OFFERED;
	for (size_t i = n->count - 1; i > at; i--) {
		n->name[i] = n->name[i - 1];
		n->name_size[i] = n->name_size[i - 1];
		n->far[i] = n->far[i - 1];
	}
	n->name[at] = name;
	n->name_size[at] = size;
	n->far[at] = far;
}

void near_put(struct text *t, const struct near *n, const char *prefix)
{
	size_t count = n->count;

	while (count > 1 && n->far[count - 1] > n->far[0] + SPREAD)
		count--;
	for (size_t i = 0; i < count; i++) {
		text_put(t, i == 0 ? "; did you mean " : i + 1 < count ? ", " : " or ");
		text_put(t, prefix);
		text_bytes(t, n->name[i], n->name_size[i]);
	}
	text_put(t, count ? "?" : "");
}
