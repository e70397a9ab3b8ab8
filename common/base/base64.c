/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_write(struct text *t, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i += 3) {
		const size_t left = size - i;
		const uint32_t three = (uint32_t)bytes[i] << 16 |
		                       (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
		                       (left > 2 ? (uint32_t)bytes[i + 2] : 0);
		char four[4];

		for (unsigned k = 0; k < 4; k++)
			four[k] = k > left ? '=' : alphabet[three >> (18 - 6 * k) & 63];
		text_bytes(t, four, 4);
	}
}

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_read(uint8_t *bytes, size_t size, const char *text, size_t length)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t used = 0;
	const size_t pad = (3 - size % 3) % 3;

	if (length != (size + 2) / 3 * 4)
		return false;
	for (size_t i = 0; i < length - pad; i++) {
		const int v = value_of(text[i]);
		if (v < 0)
			return false;
		bits = bits << 6 | (uint32_t)v;
		held += 6;
		if (held >= 8 && used < size) {
			held -= 8;
			bytes[used++] = (uint8_t)(bits >> held);
		}
	}
	for (size_t i = length - pad; i < length; i++)
		if (text[i] != '=')
			return false;
	return (bits & ((1U << held) - 1)) == 0;
}
