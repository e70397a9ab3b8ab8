/* SPDX-License-Identifier: MIT */
#include "report/certificate.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/mem.h"

#define DASHES      "-----"
#define CERTIFICATE "CERTIFICATE" DASHES

/* Bytes of DER are appended in pieces of this size; base64 has four characters for three. */
#define PIECE 48

/* Returns where word is in text[size] from at on, or size. */
static size_t find(const char *text, size_t at, size_t size, const char *word)
{
	const size_t length = ascii_size(word);

	for (; at + length <= size; at++)
		if (memcmp(text + at, word, length) == 0)
			return at;
	return size;
}

/* Appends a piece of base64, padded or whole. */
static bool put_piece(struct text *der, const char *piece, size_t used)
{
	uint8_t bytes[PIECE];
	size_t size = used / 4 * 3;

	if (used == 0)
		return true;
	for (size_t i = 1; i <= 2 && i <= used; i++)
		size -= piece[used - i] == '=';
	if (!base64_read(bytes, size, piece, used))
		return false;
	text_bytes(der, (const char *)bytes, size);
	return true;
}

/* Appends what base64 of text[at] to text[end] says. */
static bool put_der(struct text *der, const char *text, size_t at, size_t end)
{
	/* Zeros, for gcc's -fanalyzer does not see that the first bytes are set. */
	char piece[PIECE / 3 * 4] = { 0 };
	size_t used = 0;

	for (; at < end; at++) {
		if (text[at] == '\n' || text[at] == '\r' || text[at] == ' ' || text[at] == '\t')
			continue;
		if (used == sizeof(piece)) {
			if (!put_piece(der, piece, used))
				return false;
			used = 0;
		}
		piece[used++] = text[at];
	}
	return put_piece(der, piece, used) && !der->full;
}

/* A SEQUENCE that ends where the bytes end, and begins with another (X.509, 4.1). */
static bool is_certificate(const struct text *der, size_t from)
{
	const uint8_t *b = (const uint8_t *)der->at + from;
	const size_t size = der->used - from;

	return size > 8 && b[0] == 0x30 && b[1] == 0x82 && ((size_t)b[2] << 8 | b[3]) + 4 == size &&
	       b[4] == 0x30;
}

enum err certificate_next(struct text *der, size_t *at, const char *text, size_t size)
{
	static const char begin[] = DASHES "BEGIN ", end[] = DASHES "END " CERTIFICATE;
	const size_t before = der->used, first = find(text, *at, size, begin);

	if (first == size) {
		const bool none = *at == 0;
		*at = size;
		return none ? ERR_NOT_PEM : ERR_NONE;
	}
	const size_t label = first + sizeof(begin) - 1, last = find(text, label, size, end);
	if (find(text, label, size, CERTIFICATE) != label)
		return ERR_NOT_CERTIFICATE;
	if (last == size || !put_der(der, text, label + sizeof(CERTIFICATE) - 1, last) ||
	    !is_certificate(der, before))
		return ERR_BAD_CERTIFICATE;
	*at = last + sizeof(end) - 1;
	return ERR_NONE;
}
