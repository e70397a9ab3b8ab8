/* SPDX-License-Identifier: MIT */
#include "base/vmx.h"

#include "base/ascii.h"
#include "base/mem.h"

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

void vmx_start(struct vmx *v, const char *text, size_t size)
{
	const bool marked = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;

	*v = (struct vmx){ .next = marked ? text + 3 : text, .text_end = text + size };
}

bool vmx_next_line(struct vmx *v)
{
	const char *end = v->next;

	if (v->next == v->text_end)
		return false;
	v->start = v->at = v->next;
	v->line++;
	while (end < v->text_end && *end != '\n')
		end++;
	v->next = end < v->text_end ? end + 1 : end;
	v->end = end > v->start && end[-1] == '\r' ? end - 1 : end;
	return true;
}

bool vmx_split(struct vmx *v, struct vmx *key)
{
	vmx_skip_blanks(v);
	*key = *v;
	if (v->at < v->end && *v->at == '#')
		v->at = v->end;
	for (const char *p = v->at; p < v->end; p++) {
		if (*p != '=' || p == v->at)
			continue;
		v->at = p + 1;
		key->end = p;
		while (key->end > key->at && blank(key->end[-1]))
			key->end--;
		return true;
	}
	return false;
}

char vmx_peek(const struct vmx *v)
{
	return v->at < v->end ? *v->at : '\0';
}

bool vmx_take(struct vmx *v, const char *word)
{
	size_t size = 0;

	for (; word[size]; size++)
		if ((size_t)(v->end - v->at) <= size || ascii_lower(v->at[size]) != word[size])
			return false;
	v->at += size;
	return true;
}

void vmx_skip_blanks(struct vmx *v)
{
	while (blank(vmx_peek(v)))
		v->at++;
}

enum err vmx_bad_character(char c, enum err err)
{
	/* Typographic quotes are E2 80 9C to 9F in UTF-8, 91 to 94 in Windows' code page. */
	const unsigned char byte = (unsigned char)c;

	if (byte == 0xe2 || (byte >= 0x91 && byte <= 0x94))
		return ERR_MASK_CURLY;
	return ascii_printable(c) ? err : ERR_BYTE;
}

enum err vmx_end(struct vmx *v)
{
	vmx_skip_blanks(v);
	return v->at == v->end || *v->at == '#' ? ERR_NONE : ERR_LINE_END;
}

enum err vmx_value(struct vmx *v, const char **value, size_t *size)
{
	vmx_skip_blanks(v);
	const bool quoted = vmx_take(v, "\"");

	vmx_skip_blanks(v);
	*value = v->at;
	while (v->at < v->end && *v->at != (quoted ? '"' : '#')) {
		if (!ascii_printable(*v->at) && *v->at != '\t')
			return vmx_bad_character(*v->at, ERR_BYTE);
		v->at++;
	}
	*size = (size_t)(v->at - *value);
	while (*size && blank((*value)[*size - 1]))
		--*size;
	if (quoted && !vmx_take(v, "\""))
		return ERR_MASK_QUOTE;
	return vmx_end(v);
}

struct where vmx_where(const struct vmx *v)
{
	return (struct where){ v->line, (size_t)(v->at - v->start) + 1 };
}
