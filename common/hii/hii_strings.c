/* SPDX-License-Identifier: MIT */
#include "base/ascii.h"
#include "base/mem.h"
#include "hii/hii_walk.h"

/* So much of a string is looked at, for it may have a million blanks before its text. */
#define CHARACTERS_MAX 4096

/* The header of a string package before the name of its language. */
#define HEADER 46

enum block {
	BLOCK_END = 0x00,
	BLOCK_TEXT = 0x10, /* to 0x17: bit 0 a font, bit 1 a count, bit 2 UCS-2 */
	BLOCK_TEXT_LAST = 0x17,
	BLOCK_DUPLICATE = 0x20,
	BLOCK_SKIP2 = 0x21,
	BLOCK_SKIP1 = 0x22,
	BLOCK_EXT1 = 0x30,
	BLOCK_EXT2 = 0x31,
	BLOCK_EXT4 = 0x32,
};

/* Indexes the strings of one package. */
struct index {
	struct hii *h;
	struct hii_list *list; /* NULL: only counts */
	uint32_t count, faults;
	unsigned id;
};

/* A language's rank: American English, English, any other.  Keyword languages never count. */
static unsigned rank_of(const uint8_t *at, const uint8_t *end)
{
	static const char best[] = "en-US";
	const size_t size = (size_t)(end - at);

	if (size < 3 || (ascii_lower((char)at[0]) == 'x' && at[1] == '-'))
		return 0;
	if (size >= sizeof(best) && memcmp(at, best, sizeof(best)) == 0)
		return 3;
	return at[0] == 'e' && at[1] == 'n' && (at[2] == '\0' || at[2] == '-') ? 2 : 1;
}

static void add(struct index *x, uint32_t at, bool wide)
{
	if (x->list) {
		x->h->string[x->list->string + x->count] =
			(struct hii_string){ .at = at, .id = (uint16_t)x->id, .wide = wide };
		x->list->strings = x->count + 1;
	}
	x->count++;
}

/* Returns the byte after a string's end, or NULL if it has none. */
static const uint8_t *pass_text(const uint8_t *at, const uint8_t *end, size_t step)
{
	for (; (size_t)(end - at) >= step; at += step)
		if (hii_number(at, step) == 0)
			return at + step;
	return NULL;
}

/* A block of one or several strings.  Returns the byte after it, or NULL. */
static const uint8_t *take_texts(struct index *x, const uint8_t *at, const uint8_t *end)
{
	const unsigned type = *at;
	const bool wide = type & 4;
	const size_t head = 1U + (type & 1);
	unsigned count = 1;

	if ((size_t)(end - at) < head + (type & 2))
		return NULL;
	at += head;
	if (type & 2) {
		count = hii_word(at);
		at += 2;
	}
	for (; count > 0 && x->id <= UINT16_MAX; count--, x->id++) {
		const uint8_t *const text = at;

		at = pass_text(at, end, wide ? 2 : 1);
		if (!at)
			return NULL;
		add(x, (uint32_t)(text - x->h->data), wide);
	}
	return count ? NULL : at;
}

static const struct hii_string *find(const struct hii *h, const struct hii_list *l, unsigned id)
{
	uint32_t low = 0, high = l->strings;

	while (low < high) {
		const uint32_t middle = (low + high) / 2;

		if (h->string[l->string + middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	const struct hii_string *s = &h->string[l->string + low];
	return low < l->strings && s->id == id ? s : NULL;
}

/* The text of a string that stands before. */
static void take_duplicate(struct index *x, unsigned id)
{
	const struct hii_string *s = x->list ? find(x->h, x->list, id) : NULL;

	if (s)
		add(x, s->at, s->wide);
	else if (!x->list)
		x->count++;
	x->id++;
}

/* Returns the length of a block without strings, or 0 if it is not known or too long. */
static size_t other_size(struct index *x, const uint8_t *at, size_t left)
{
	size_t size = 0;

	if (*at == BLOCK_SKIP1 && left >= 2)
		x->id += at[1], size = 2;
	else if (*at == BLOCK_SKIP2 && left >= 3)
		x->id += hii_word(at + 1), size = 3;
	else if (*at == BLOCK_DUPLICATE && left >= 3)
		take_duplicate(x, hii_word(at + 1)), size = 3;
	else if (*at >= BLOCK_EXT1 && *at <= BLOCK_EXT4 && left >= 2 + (1U << (*at & 3)))
		size = (size_t)hii_number(at + 2, 1U << (*at & 3));
	return size >= 2 && size <= left ? size : 0;
}

static void take_blocks(struct index *x, const uint8_t *at, const uint8_t *end)
{
	x->id = 1;
	while (at && at < end && *at != BLOCK_END && x->id <= UINT16_MAX) {
		if (*at >= BLOCK_TEXT && *at <= BLOCK_TEXT_LAST) {
			at = take_texts(x, at, end);
			continue;
		}
		const size_t size = other_size(x, at, (size_t)(end - at));
		at = size ? at + size : NULL;
	}
	x->faults += at == NULL;
}

/* The best string package of each list, in the order of the lists. */
struct choice {
	struct index index;
	uint32_t list;
	unsigned rank;
	const uint8_t *at, *end;
};

/* Indexes what was chosen of the list that ends here. */
static void end_list(struct choice *c)
{
	struct index *x = &c->index;

	x->count = 0;
	if (x->h->list) {
		x->list = &x->h->list[c->list];
		*x->list = (struct hii_list){ .string = x->h->strings };
	}
	if (c->rank) {
		const uint64_t start = hii_number(c->at + 8, 4);

		if (start < (uint64_t)(c->end - c->at))
			take_blocks(x, c->at + start, c->end);
		else
			x->faults++;
	}
	x->h->strings += x->count;
	c->rank = 0;
	c->list++;
}

static bool choose(void *ctx, uint32_t list, const uint8_t *at, const uint8_t *end)
{
	struct choice *c = ctx;

	while (c->list < list)
		end_list(c);
	if (end - at <= HEADER)
		return true;
	const unsigned rank = rank_of(at + HEADER, end);
	if (rank > c->rank) {
		c->rank = rank;
		c->at = at;
		c->end = end;
	}
	return true;
}

void hii_strings(struct hii *h)
{
	struct choice c = { .index.h = h };
	uint32_t faults = 0;

	h->strings = 0;
	const uint32_t lists = hii_packages(h, 4, choose, &c, &faults);
	while (c.list < lists)
		end_list(&c);
	/* Of the two passes the first counts faults. */
	if (!h->list)
		h->faults += c.index.faults;
}

/* Appends a character as UTF-8.  Returns false if there is no room for all of it. */
static bool put(char *text, size_t size, size_t *used, uint32_t c)
{
	const unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = { 0, 0xc0, 0xe0, 0xf0 };

	if (*used + more + 2 > size)
		return false;
	text[(*used)++] = (char)(unsigned char)(lead[more] | c >> 6 * more);
	for (unsigned i = more; i-- > 0;)
		text[(*used)++] = (char)(unsigned char)(0x80 | (c >> 6 * i & 0x3f));
	return true;
}

/* Reads a character and moves past it.  Returns 0 at the end. */
static uint32_t take_character(const uint8_t **at, bool wide)
{
	const uint32_t c = wide ? hii_word(*at) : **at;

	if (c == 0)
		return 0;
	*at += wide ? 2 : 1;
	/* The tags of SCSU are not carried out. */
	if (!wide)
		return c >= ' ' || c == '\t' || c == '\n' || c == '\r' ? c : '?';
	if (c < 0xd800 || c > 0xdfff)
		return c;
	const uint32_t low = hii_word(*at);
	if (c > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return '?';
	*at += 2;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

size_t hii_text(const struct hii *h, uint32_t list, unsigned id, char *text, size_t size)
{
	const struct hii_string *s = list < h->lists ? find(h, &h->list[list], id) : NULL;
	size_t used = 0, solid = 0;

	if (s) {
		const uint8_t *at = h->data + s->at;
		size_t left = CHARACTERS_MAX;

		for (uint32_t c; left-- > 0 && (c = take_character(&at, s->wide)) != 0;) {
			const bool blank = c <= ' ' || c == 0xa0;

			/* FFF0H and up mark the width of glyphs. */
			if (c >= 0xfff0 && c <= 0xffff)
				continue;
			if (blank && used == 0)
				continue;
			if (!put(text, size, &used, blank ? ' ' : c))
				break;
			if (!blank)
				solid = used;
		}
	}
	text[solid] = '\0';
	return solid;
}
