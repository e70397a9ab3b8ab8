/* SPDX-License-Identifier: MIT */
#include "input/vim.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Objects in objects; those of a host or a VM are less than 20 deep. */
#define DEEP_MAX 64

#define STRING_MAX 4096

struct vim {
	const char *path, *at, *end, *line_start;
	size_t line;
	unsigned deep;
	bool failed;
};

static json_t *fail(struct vim *v, const char *message)
{
	const struct where where = { v->line, (size_t)(v->at - v->line_start) + 1 };

	if (!v->failed)
		trouble_place(v->path, &where, message);
	v->failed = true;
	return NULL;
}

/* Moves past blanks, line ends, and the bar that some shells draw at the left. */
static void skip(struct vim *v)
{
	for (; v->at < v->end && strchr(" \t\r\n|", *v->at); v->at++)
		if (*v->at == '\n') {
			v->line++;
			v->line_start = v->at + 1;
		}
}

static bool accept(struct vim *v, char c)
{
	skip(v);
	if (v->at == v->end || *v->at != c)
		return false;
	v->at++;
	return true;
}

/* Reads characters up to one of stop into text. */
static bool read_until(struct vim *v, const char *stop, char text[static STRING_MAX])
{
	size_t used = 0;

	while (v->at < v->end && *v->at != '\n' && !strchr(stop, *v->at)) {
		if (used == STRING_MAX - 1)
			return fail(v, "a value is too long (limit: 4095 bytes)");
		text[used++] = *v->at++;
	}
	text[used] = '\0';
	return true;
}

static json_t *read_value(struct vim *v);

static json_t *read_string(struct vim *v, const char *quote)
{
	char text[STRING_MAX];

	if (!read_until(v, quote, text))
		return NULL;
	if (v->at == v->end || *v->at != *quote)
		return fail(v, "the closing quote is missing");
	v->at++;
	json_t *value = json_string(text);
	return value ? value : fail(v, "not UTF-8");
}

/* Reads "NAME = VALUE", with a comma after it or not. */
static bool read_member(struct vim *v, json_t *object)
{
	char name[STRING_MAX];

	skip(v);
	if (!read_until(v, " =\t\r,{}[]()", name))
		return false;
	if (!*name || !accept(v, '='))
		return fail(v, "expected NAME = VALUE");
	json_t *value = read_value(v);
	if (!value)
		return false;
	accept(v, ',');
	return json_object_set_new(object, name, value) == 0 || fail(v, "not UTF-8");
}

static json_t *read_object(struct vim *v)
{
	json_t *object = json_object();
	bool ok = true;

	while (ok && !accept(v, '}'))
		ok = read_member(v, object);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *read_list(struct vim *v)
{
	json_t *list = json_array(), *value = list;

	while (value && !accept(v, ']')) {
		value = read_value(v);
		if (value)
			json_array_append_new(list, value);
		accept(v, ',');
	}
	if (value)
		return list;
	json_decref(list);
	return NULL;
}

/* Words without quotes: <unset>, null, true, numbers; anything else is a string. */
static json_t *read_word(struct vim *v)
{
	char text[STRING_MAX], *end;

	if (!read_until(v, ",]}\r", text))
		return NULL;
	for (size_t size = strlen(text); size && text[size - 1] == ' '; size--)
		text[size - 1] = '\0';
	const long long number = strtoll(text, &end, 0);
	if (*text && !*end)
		return json_integer(number);
	if (strcmp(text, "<unset>") == 0 || strcmp(text, "null") == 0 || strcmp(text, "None") == 0)
		return json_null();
	if (!*text)
		return fail(v, "expected a value");
	json_t *value = json_string(text);
	return value ? value : fail(v, "not UTF-8");
}

static json_t *read_bare(struct vim *v)
{
	if (accept(v, '{'))
		return read_object(v);
	if (accept(v, '['))
		return read_list(v);
	if (accept(v, '"'))
		return read_string(v, "\"");
	if (accept(v, '\''))
		return read_string(v, "'");
	return read_word(v);
}

/* Reads a value, past the type before it: "(vim.host.CpuIdInfo) [". */
static json_t *read_value(struct vim *v)
{
	char type[STRING_MAX];

	if (v->deep == DEEP_MAX)
		return fail(v, "objects in more objects than in any of VMware's (limit: 64)");
	v->deep++;
	if (accept(v, '(')) {
		if (!read_until(v, ")", type) || !accept(v, ')'))
			return fail(v, "expected a type in parentheses");
		skip(v);
	}
	json_t *value = read_bare(v);
	v->deep--;
	return value;
}

static const char *first(const struct bytes *b)
{
	const char *vim = memmem(b->at, b->size, "(vim.", 5);

	return vim;
}

bool vim_is(const struct bytes *b)
{
	return first(b) != NULL;
}

json_t *vim_parse(const char *path, const struct bytes *b)
{
	struct vim v = { .path = path, .at = b->at, .end = b->at + b->size, .line = 1 };
	const char *start = first(b);

	v.line_start = b->at;
	while (start && v.at < start) {
		if (*v.at++ == '\n') {
			v.line++;
			v.line_start = v.at;
		}
	}
	return start ? read_value(&v) : fail(&v, "no object of the vSphere API");
}
