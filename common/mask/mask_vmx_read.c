/* SPDX-License-Identifier: MIT */
#include "mask/mask_vmx_read.h"

#include <string.h>

#include "base/ascii.h"
#include "fleet/array.h"

/* A line without its end, and the next character to read. */
struct cursor {
	const char *start, *at, *end;
	size_t line;
};

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Returns the next character, or a NUL at the end of the line. */
static char next(const struct cursor *c)
{
	return c->at < c->end ? *c->at : '\0';
}

static void skip_blanks(struct cursor *c)
{
	while (blank(next(c)))
		c->at++;
}

static struct where where_of(const struct cursor *c)
{
	return (struct where){ c->line, (size_t)(c->at - c->start) + 1 };
}

/* Reads a word, in any case, if it comes next. */
static bool take(struct cursor *c, const char *word)
{
	size_t size = 0;

	for (; word[size]; size++)
		if ((size_t)(c->end - c->at) <= size || ascii_lower(c->at[size]) != word[size])
			return false;
	c->at += size;
	return true;
}

/* Reads a hexadecimal number of at most eight digits and a dot, if they come next. */
static bool take_number(struct cursor *c, uint32_t *value, bool *padded)
{
	const char *const start = c->at;

	*value = 0;
	for (; c->at < start + 8 && ascii_hex(next(c)) >= 0; c->at++)
		*value = *value << 4 | (uint32_t)ascii_hex(*c->at);
	if (c->at > start && next(c) == '.') {
		*padded |= *start == '0' && c->at > start + 1;
		c->at++;
		return true;
	}
	c->at = start;
	return false;
}

static bool take_register(struct cursor *c, enum cpuid_reg *reg)
{
	for (unsigned r = 0; r < CPUID_REGS; r++)
		if (take(c, cpuid_register((enum cpuid_reg)r))) {
			*reg = (enum cpuid_reg)r;
			return true;
		}
	return false;
}

/*
 * True if the key, after its "cpuid.", is meant to name a register: its first part begins with a
 * digit or is a number, or some part is a register.  VMware's other settings with this prefix, such
 * as cpuid.coresPerSocket, have none of these.
 */
static bool names_register(struct cursor c)
{
	const char *start = c.at;
	enum cpuid_reg reg;

	if (ascii_digit(next(&c)))
		return true;
	while (ascii_hex(next(&c)) >= 0)
		c.at++;
	if (c.at > start && (c.at == c.end || *c.at == '.'))
		return true;
	for (c.at = start; c.at < c.end; c.at++)
		if ((c.at == start || c.at[-1] == '.') && take_register(&c, &reg))
			return true;
	return false;
}

/* Reads "LEAF.REG" or "LEAF.SUBLEAF.REG" and a suffix, up to the end of the key. */
static bool read_key(struct cursor *c, struct mask_line *l)
{
	if (!take_number(c, &l->at.leaf, &l->padded))
		return false;
	if (!take_register(c, &l->at.reg)) {
		l->numbered = take_number(c, &l->at.subleaf, &l->padded);
		if (!l->numbered || !take_register(c, &l->at.reg))
			return false;
	}
	if (take(c, ".amd"))
		l->vendor = MASK_AMD;
	else if (take(c, ".intel"))
		l->vendor = MASK_INTEL;
	return c->at == c->end;
}

/* Returns the canonical form of a mask's character, or a NUL. */
static char canonical(char c)
{
	static const char from[] = "01-xhrtf", to[] = "01-XHRTF";

	for (unsigned i = 0; from[i]; i++)
		if (ascii_lower(c) == from[i])
			return to[i];
	return '\0';
}

static enum err bad_character(char c)
{
	/* Typographic quotes are E2 80 9C to 9F in UTF-8, 91 to 94 in Windows' code page. */
	const unsigned char byte = (unsigned char)c;

	if (byte == 0xe2 || (byte >= 0x91 && byte <= 0x94))
		return ERR_MASK_CURLY;
	return !ascii_printable(c) ? ERR_BYTE : ERR_MASK_CHARACTER;
}

/* Reads characters up to the closing quote; without quotes, up to a comment or the end. */
static enum err read_characters(struct cursor *c, struct mask_line *l, bool quoted)
{
	char bit[MASK_BITS];

	for (; c->at < c->end && *c->at != (quoted ? '"' : '#'); c->at++) {
		const char letter = canonical(*c->at);

		if (*c->at == ':' || blank(*c->at))
			continue;
		if (!letter)
			return bad_character(*c->at);
		if (l->width < MASK_BITS)
			bit[MASK_BITS - 1 - l->width++] = letter;
		else if (l->width++ == MASK_BITS)
			l->end = where_of(c);
		else
			l->width = MASK_BITS + 1;
	}
	if (l->width <= MASK_BITS)
		l->end = where_of(c);
	memset(l->bit, '-', sizeof(l->bit));
	if (l->width == MASK_BITS)
		memcpy(l->bit, bit, sizeof(bit));
	return ERR_NONE;
}

static enum err read_mask(struct cursor *c, struct mask_line *l)
{
	skip_blanks(c);
	const bool quoted = take(c, "\"");
	const enum err err = read_characters(c, l, quoted);

	if (err != ERR_NONE)
		return err;
	if (quoted && !take(c, "\""))
		return ERR_MASK_QUOTE;
	skip_blanks(c);
	return c->at == c->end || *c->at == '#' ? ERR_NONE : ERR_LINE_END;
}

/* Returns the number of "19" or 19; 0 for anything else. */
static unsigned read_hw(struct cursor *c)
{
	unsigned hw = 0;

	skip_blanks(c);
	take(c, "\"");
	for (; ascii_digit(next(c)) && hw < 100; c->at++)
		hw = hw * 10 + (unsigned)(*c->at - '0');
	return hw;
}

/*
 * Reads a value up to the closing quote or, without quotes, up to a comment or the end; *size is
 * its length without blanks around it.
 */
static enum err read_value(struct cursor *c, const char **value, size_t *size)
{
	skip_blanks(c);
	const bool quoted = take(c, "\"");

	skip_blanks(c);
	*value = c->at;
	while (c->at < c->end && *c->at != (quoted ? '"' : '#')) {
		if (!ascii_printable(*c->at) && *c->at != '\t')
			return bad_character(*c->at);
		c->at++;
	}
	*size = (size_t)(c->at - *value);
	while (*size && blank((*value)[*size - 1]))
		--*size;
	if (quoted && !take(c, "\""))
		return ERR_MASK_QUOTE;
	skip_blanks(c);
	return c->at == c->end || *c->at == '#' ? ERR_NONE : ERR_LINE_END;
}

/* Reads "TRUE" for the key completeMasks; any other value is that of a file without the key. */
static enum err read_complete(struct mask_lines *lines, struct cursor *c)
{
	struct cursor word = *c;
	const char *value;
	size_t size;
	const enum err err = read_value(c, &value, &size);

	word.at = value;
	if (err == ERR_NONE && size == 4 && take(&word, "true"))
		lines->complete = c->line;
	return err;
}

/* Reads a featMask line; key is what follows "featmask.vm.". */
static enum err read_named(struct mask_lines *lines, const struct cursor *key, struct cursor *c)
{
	struct mask_named n = { .line = c->line };
	const char *value;
	size_t size;

	if (!mask_capability_find(&n.of, key->at, (size_t)(key->end - key->at))) {
		c->at = key->at;
		return ERR_STRING_LONG;
	}
	const enum err err = read_value(c, &value, &size);
	if (err != ERR_NONE)
		return err;
	if (!mask_value_read(&n.value, value, size) || n.value.op == MASK_MATCH) {
		c->at = value;
		return ERR_MASK_VALUE;
	}
	struct mask_named *more = array_room(lines->name, lines->names, sizeof(*more));
	if (!more)
		return ERR_MEMORY;
	lines->name = more;
	lines->name[lines->names++] = n;
	return ERR_NONE;
}

/* Reads KEY = VALUE; c is at the key and value at the '='. */
static enum err read_pair(struct mask_lines *lines, struct cursor *c, const char *value)
{
	struct cursor key = *c;

	key.end = value;
	while (key.end > key.at && blank(key.end[-1]))
		key.end--;
	if (take(&key, "featurecompat.vm.completemasks") ||
	    take(&key, "featmask.vm.completemasks")) {
		c->at = value + 1;
		return key.at == key.end ? read_complete(lines, c) : ERR_NONE;
	}
	if (take(&key, "featmask.vm.")) {
		c->at = value + 1;
		return read_named(lines, &key, c);
	}
	if (take(&key, "virtualhw.version") && key.at == key.end) {
		c->at = value + 1;
		lines->hw = read_hw(c);
	}
	if (!take(&key, "cpuid.") || !names_register(key))
		return ERR_NONE;

	struct mask_line *more = array_room(lines->at, lines->count, sizeof(*more));
	if (!more)
		return ERR_MEMORY;
	lines->at = more;
	struct mask_line *l = &lines->at[lines->count++];
	*l = (struct mask_line){ .at = place_register(0, 0, EAX), .line = c->line };
	if (!read_key(&key, l)) {
		c->at = key.at;
		return ERR_MASK_KEY;
	}
	c->at = value + 1;
	return read_mask(c, l);
}

static enum err read_line(struct mask_lines *lines, struct cursor *c)
{
	skip_blanks(c);
	if (c->at == c->end || *c->at == '#')
		return ERR_NONE;
	for (const char *p = c->at; p < c->end; p++)
		if (*p == '=' && p > c->at)
			return read_pair(lines, c, p);
	return ERR_MASK_LINE;
}

/* Sets c to the line that begins at text, without its LF or CRLF, and returns what follows. */
static const char *next_line(struct cursor *c, const char *text, const char *end)
{
	c->start = c->at = text;
	c->line++;
	while (text < end && *text != '\n')
		text++;
	c->end = text;
	if (c->end > c->start && c->end[-1] == '\r')
		c->end--;
	return text < end ? text + 1 : end;
}

enum err mask_vmx_read(struct mask_lines *lines, const char *text, size_t size,
                       struct where *reterr_where)
{
	const char *const end = text + size;
	struct cursor c = { .line = 0 };

	*lines = (struct mask_lines){ .count = 0 };
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		text = next_line(&c, text, end);
		const enum err err = read_line(lines, &c);
		if (err != ERR_NONE) {
			*reterr_where = where_of(&c);
			return err;
		}
	}
	for (size_t i = 0; i < lines->count; i++)
		if (lines->at[i].width != MASK_BITS) {
			*reterr_where = lines->at[i].end;
			return ERR_MASK_LENGTH;
		}
	return ERR_NONE;
}
