/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include "base/ascii.h"
#include "base/mem.h"

static const char digit[] = "0123456789abcdef";

void text_start(struct text *t, char *at, size_t size)
{
	*t = (struct text){ .at = at, .size = size };
}

void text_bytes(struct text *t, const char *bytes, size_t size)
{
	if (t->full || size > t->size - t->used) {
		t->full = true;
		return;
	}
	memcpy(t->at + t->used, bytes, size);
	t->used += size;
}

void text_put(struct text *t, const char *string)
{
	text_bytes(t, string, ascii_size(string));
}

void text_hex(struct text *t, uint64_t value, unsigned digits)
{
	char buffer[16];
	unsigned at = sizeof(buffer);

	while (value || sizeof(buffer) - at < digits) {
		if (at == 0)
			break;
		buffer[--at] = digit[value & 15];
		value >>= 4;
	}
	text_bytes(t, buffer + at, sizeof(buffer) - at);
}

/*
 * Removes and returns the last decimal digit.  16 bits at a time: for a 64-bit division, 32-bit
 * code calls a library that firmware does not have.
 */
static uint32_t take_digit(uint64_t *value)
{
	uint64_t quotient = 0;
	uint32_t rest = 0;

	for (unsigned shift = 64; shift > 0;) {
		shift -= 16;
		rest = rest << 16 | (uint32_t)(*value >> shift & 0xffff);
		quotient |= (uint64_t)(rest / 10) << shift;
		rest %= 10;
	}
	*value = quotient;
	return rest;
}

void text_decimal(struct text *t, uint64_t value)
{
	char buffer[20];
	unsigned at = sizeof(buffer);

	do {
		buffer[--at] = digit[take_digit(&value)];
	} while (value);
	text_bytes(t, buffer + at, sizeof(buffer) - at);
}

void text_quoted(struct text *t, const char *string)
{
	text_put(t, "\"");
	for (; *string; string++) {
		if (!ascii_printable(*string)) {
			text_put(t, "\\x");
			text_hex(t, (unsigned char)*string, 2);
			continue;
		}
		if (*string == '"' || *string == '\\')
			text_put(t, "\\");
		text_bytes(t, string, 1);
	}
	text_put(t, "\"");
}

void text_printable(struct text *t, const char *string)
{
	for (; *string; string++)
		text_bytes(t, ascii_printable(*string) ? string : "?", 1);
}

const char *text_string(struct text *t)
{
	text_bytes(t, "", 1);
	if (t->full)
		return NULL;
	t->used--;
	return t->at;
}
