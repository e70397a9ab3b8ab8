/* SPDX-License-Identifier: MIT */
#include "input/evc_json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Bytes.  All modes of a vCenter are one or two million characters, more with indentation. */
#define IMPORT_MAX 0x2000000

json_t *evc_json_load(const char *path, struct evc_reader *r)
{
	struct bytes b;

	if (!file_read(path, IMPORT_MAX, &b))
		return NULL;
	json_t *root = json_parse(path, &b);
	if (root)
		/* The quotes around a string leave room for its NUL. */
		r->modes.text = allocate(b.size);
	free(b.at);
	return root;
}

const char *evc_json_keep(struct evc_reader *r, const char *string)
{
	char *to = r->modes.text + r->used;
	const size_t size = strlen(string) + 1;

	printable(to, size, string);
	r->used += size;
	return to;
}

bool evc_json_fail(const struct evc_reader *r, const char *format, ...)
{
	char cause[512], message[1024];
	va_list list;

	va_start(list, format);
	vsnprintf(cause, sizeof(cause), format, list);
	va_end(list);
	snprintf(message, sizeof(message), "%s%s%s", r->mode->key, *r->mode->key ? ": " : "",
	         cause);
	trouble(r->path, message);
	return false;
}
