/* SPDX-License-Identifier: MIT */
#include "input/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "input/vim.h"

void json_plain(struct bytes *b)
{
	const unsigned char *at = (unsigned char *)b->at;
	const bool little = b->size >= 2 && at[0] == 0xff && at[1] == 0xfe;
	const bool big = b->size >= 2 && at[0] == 0xfe && at[1] == 0xff;
	size_t count = 0;

	if (!little && !big)
		return;
	for (size_t i = 2; i + 1 < b->size; i += 2) {
		const unsigned unit = at[i] | (unsigned)at[i + 1] << 8;
		const unsigned c = little ? unit : (unit & 0xff) << 8 | unit >> 8;

		b->at[count++] = c > 0 && c < 0x80 ? (char)c : '?';
	}
	b->size = count;
}

static void print_json_error(const char *path, const json_error_t *error)
{
	const bool bytes = json_error_code(error) == json_error_invalid_utf8;
	const size_t size = strlen(path) + 32;
	char *place = allocate(size), text[2 * JSON_ERROR_TEXT_LENGTH], message[sizeof(text) + 64];

	snprintf(place, size, "%s:%d:%d", path, error->line, error->column);
	snprintf(message, sizeof(message), "not JSON: %s%s",
	         printable(text, sizeof(text), error->text),
	         bytes ? "; save the file as UTF-8" : "");
	trouble(place, message);
	free(place);
}

json_t *json_parse(const char *path, struct bytes *b)
{
	static const char mark[] = "\xef\xbb\xbf";
	json_error_t error;

	json_plain(b);
	if (!json_begins(b) && vim_is(b))
		return vim_parse(path, b);
	const size_t skip = b->size >= 3 && memcmp(b->at, mark, 3) == 0 ? 3 : 0;
	json_t *root = json_loadb(b->at + skip, b->size - skip, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		print_json_error(path, &error);
	return root;
}

bool json_begins(const struct bytes *b)
{
	/* Byte order marks, and the zeros of UTF-16, may be in front. */
	for (size_t i = 0; i < b->size; i++) {
		const unsigned char c = (unsigned char)b->at[i];

		if (c == '{' || c == '[')
			return true;
		if (!strchr(" \t\r\n\xef\xbb\xbf\xfe\xff", c))
			return false;
	}
	return false;
}

const json_t *json_member(const json_t *object, const char *key)
{
	const char *own;
	json_t *value;

	json_object_foreach((json_t *)object, own,
	                    value) if (strcasecmp(own, key) == 0) return json_is_null(value)
		? NULL
		: value;
	return NULL;
}

const json_t *json_element(const json_t *list, size_t index)
{
	if (json_is_array(list))
		return json_array_get(list, index);
	return index == 0 ? list : NULL;
}
