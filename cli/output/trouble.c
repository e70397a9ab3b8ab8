/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/array.h"
#include "output/message.h"

const char *printable(char *buffer, size_t size, const char *string)
{
	const char *result;
	struct text t;

	text_start(&t, buffer, size);
	text_printable(&t, string);
	result = text_string(&t);
	return result ? result : "(a very long name)";
}

/* Says "PATH:LINE:COLUMN: MESSAGE", or without the numbers. */
void trouble_place(const char *path, const struct where *where, const char *message)
{
	char name[4096], place[64] = "";
	char *text;

	if (where->line)
		snprintf(place, sizeof(place), ":%zu:%zu", where->line, where->column);
	if (asprintf(&text, "%s%s: %s", printable(name, sizeof(name), path), place, message) < 0)
		out_of_memory();
	message_error(path, where->line, where->line ? where->column : 0, text);
	free(text);
}

void trouble(const char *path, const char *message)
{
	const struct where nowhere = { 0 };

	trouble_place(path, &nowhere, message);
}

void warn(const char *path, const char *message)
{
	char name[4096], *text;

	if (asprintf(&text, "%s: %s", printable(name, sizeof(name), path), message) < 0)
		out_of_memory();
	message_warn(path, text);
	free(text);
}

void trouble_at(const char *path, enum err err, const struct where *where)
{
	trouble_place(path, where, err_text(err));
}

void trouble_errno(const char *path, const char *what)
{
	char message[512], reason[128];

	snprintf(message, sizeof(message), "%s: %s", what,
	         strerror_r(errno, reason, sizeof(reason)));
	trouble(path, message);
}

void out_of_memory(void)
{
	fprintf(stderr, "cpulevel: out of memory\n");
	exit(EXIT_TROUBLE);
}

static void *need(void *memory)
{
	if (!memory)
		out_of_memory();
	return memory;
}

void *allocate(size_t size)
{
	return need(calloc(1, size ? size : 1));
}

FILE *stream_open(char **text, size_t *size)
{
	return need(open_memstream(text, size));
}

void stream_close(FILE *stream)
{
	if (fclose(stream) != 0)
		out_of_memory();
}

void *allocate_room(void *at, size_t count, size_t size)
{
	return need(array_room(at, count, size));
}

void *allocate_lasting(void *at, size_t count, size_t size)
{
	static void **all;
	static size_t known;
	size_t i = 0;

	while (i < known && all[i] != at)
		i++;
	if (i == known)
		all = allocate_room(all, known++, sizeof(*all));
	return all[i] = allocate_room(at, count, size);
}
