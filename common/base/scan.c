/* SPDX-License-Identifier: MIT */
#include "base/scan.h"

#include "base/ascii.h"
#include "base/mem.h"

void scan_start(struct scan *s, const char *text, size_t size)
{
	*s = (struct scan){ .at = text, .end = text + size, .line_start = text, .line = 1 };
}

bool scan_done(const struct scan *s)
{
	return s->err != ERR_NONE || s->at == s->end;
}

bool scan_fail(struct scan *s, enum err err)
{
	if (s->err != ERR_NONE)
		return false;
	/* The end of the text, a CR and other bytes say more than what was expected here. */
	if (err != ERR_RANGE && s->at == s->end)
		err = ERR_END;
	else if (err != ERR_RANGE && *s->at == '\r')
		err = ERR_CR;
	else if (err != ERR_RANGE && *s->at != '\n' && (*s->at < ' ' || *s->at > '~'))
		err = ERR_BYTE;
	s->err = err;
	s->where.line = s->line;
	s->where.column = (size_t)(s->at - s->line_start) + 1;
	return false;
}

/* Returns the next byte, or NUL, which no reader accepts, at the end and after an error. */
static char next(const struct scan *s)
{
	return scan_done(s) ? '\0' : *s->at;
}

static bool begins(const struct scan *s, const char *word, size_t size)
{
	return !scan_done(s) && (size_t)(s->end - s->at) >= size && memcmp(s->at, word, size) == 0;
}

static bool line_ends(const struct scan *s)
{
	for (const char *p = s->at; p < s->end; p++)
		if (*p == '\n')
			return true;
	return false;
}

bool scan_is(const struct scan *s, const char *word)
{
	const size_t size = ascii_size(word);

	if (!begins(s, word, size))
		return false;
	/* If a CR follows the right word, the error is the CR. */
	return s->at + size == s->end || s->at[size] == ' ' || s->at[size] == '\n' ||
	       s->at[size] == '\r';
}

void scan_word(struct scan *s, const char *word, enum err err)
{
	const bool is = scan_is(s, word);

	if (is)
		s->at += ascii_size(word);
	/* In the last line, without LF, the word may be cut short: the error is the end. */
	else if (err == ERR_WORD && !line_ends(s))
		s->at = s->end;
	if (!is)
		scan_fail(s, err);
}

void scan_space(struct scan *s)
{
	if (next(s) == ' ')
		s->at++;
	else
		scan_fail(s, ERR_SPACE);
}

void scan_line_end(struct scan *s)
{
	if (next(s) != '\n') {
		scan_fail(s, ERR_LINE_END);
		return;
	}
	s->at++;
	s->line++;
	s->line_start = s->at;
}

/* Upper-case letters are not accepted: every value has one spelling. */
static int hex_digit(char c)
{
	return c == ascii_lower(c) ? ascii_hex(c) : -1;
}

uint32_t scan_hex(struct scan *s, unsigned digits)
{
	uint32_t value = 0;

	/* Most of a report is this. */
	if (s->err == ERR_NONE && (size_t)(s->end - s->at) >= digits) {
		unsigned i = 0;

		for (int d; i < digits && (d = hex_digit(s->at[i])) >= 0; i++)
			value = value << 4 | (uint32_t)d;
		if (i == digits) {
			s->at += digits;
			return value;
		}
		value = 0;
	}
	for (unsigned i = 0; i < digits; i++) {
		const int d = hex_digit(next(s));
		if (d < 0) {
			scan_fail(s, ERR_HEX);
			return 0;
		}
		value = value << 4 | (uint32_t)d;
		s->at++;
	}
	return value;
}

uint64_t scan_hex_short(struct scan *s)
{
	uint64_t value = 0;
	unsigned digits = 0;

	for (int d; (d = hex_digit(next(s))) >= 0 && digits < 16; digits++) {
		if (digits == 1 && value == 0)
			break;
		value = value << 4 | (uint64_t)d;
		s->at++;
	}
	if (digits == 0 || hex_digit(next(s)) >= 0) {
		scan_fail(s, digits ? ERR_SPELLING : ERR_HEX);
		return 0;
	}
	return value;
}

uint64_t scan_decimal(struct scan *s, uint64_t max)
{
	const char *start = s->at;
	uint64_t value = 0;

	if (!ascii_digit(next(s))) {
		scan_fail(s, ERR_DECIMAL);
		return 0;
	}
	while (ascii_digit(next(s))) {
		const uint64_t d = (uint64_t)(*s->at - '0');
		if (s->at > start && value == 0) {
			scan_fail(s, ERR_DECIMAL);
			return 0;
		}
		/* Divides constants only: firmware has no 64-bit division (see text.c). */
		if (value > UINT64_MAX / 10 || (value == UINT64_MAX / 10 && d > UINT64_MAX % 10) ||
		    value * 10 + d > max) {
			s->at = start;
			scan_fail(s, ERR_RANGE);
			return 0;
		}
		value = value * 10 + d;
		s->at++;
	}
	return value;
}

/* Reads one character of a quoted string.  Returns false at its end and on an error. */
static bool quoted_byte(struct scan *s, char *byte)
{
	const char c = next(s);

	if (c == '"')
		return false;
	if (c < ' ' || c > '~')
		return scan_fail(s, ERR_STRING);
	s->at++;
	*byte = c;
	if (c != '\\')
		return true;
	if (next(s) == '"' || next(s) == '\\') {
		*byte = *s->at++;
		return true;
	}
	if (next(s) != 'x')
		return scan_fail(s, ERR_ESCAPE);
	s->at++;
	const uint32_t value = scan_hex(s, 2);
	if (s->err != ERR_NONE)
		return false;
	if (value == 0 || (value >= ' ' && value <= '~'))
		return scan_fail(s, ERR_ESCAPE);
	*byte = (char)(unsigned char)value;
	return true;
}

void scan_quoted(struct scan *s, char *string, size_t size)
{
	size_t used = 0;

	string[0] = '\0';
	if (next(s) != '"') {
		scan_fail(s, ERR_STRING);
		return;
	}
	s->at++;
	for (char byte = '\0'; quoted_byte(s, &byte);) {
		if (used + 1 == size) {
			scan_fail(s, ERR_STRING_LONG);
			return;
		}
		string[used++] = byte;
	}
	string[used] = '\0';
	if (s->err == ERR_NONE)
		s->at++;
}
