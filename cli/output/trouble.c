/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "fleet/array.h"

const char *printable(char *buffer, size_t size, const char *string)
{
	const char *result;
	struct text t;

	text_start(&t, buffer, size);
	text_printable(&t, string);
	result = text_string(&t);
	return result ? result : "(a very long name)";
}

/* Where this thread's messages are kept; NULL: they are printed. */
static _Thread_local struct caught *catching;

/* Returns where messages go.  If there is no memory to keep them, they are printed. */
static FILE *stream(void)
{
	if (catching && !catching->to)
		catching->to = open_memstream(&catching->text, &catching->size);
	return catching && catching->to ? catching->to : stderr;
}

void trouble_catch(struct caught *c)
{
	catching = c;
}

void trouble_caught(struct caught *c)
{
	if (c->to && fflush(c->to) == 0)
		fwrite(c->text, 1, c->size, stderr);
	trouble_forget(c);
}

void trouble_forget(struct caught *c)
{
	if (c->to)
		fclose(c->to);
	free(c->text);
	*c = (struct caught){ .to = NULL };
}

static FILE *print_path(FILE *to, const char *path)
{
	char buffer[4096];

	fprintf(to, "cpulevel: %s", printable(buffer, sizeof(buffer), path));
	return to;
}

void trouble(const char *path, const char *message)
{
	fprintf(print_path(stream(), path), ": %s\n", message);
}

void trouble_now(const char *path, const char *message)
{
	fprintf(print_path(stderr, path), ": %s\n", message);
}

void trouble_place(const char *path, const struct where *where, const char *message)
{
	FILE *const to = print_path(stream(), path);

	if (where->line)
		fprintf(to, ":%zu:%zu", where->line, where->column);
	fprintf(to, ": %s\n", message);
}

void trouble_at(const char *path, enum err err, const struct where *where)
{
	trouble_place(path, where, err_text(err));
}

void trouble_errno(const char *path, const char *what)
{
	char buffer[128];
	const char *reason = strerror_r(errno, buffer, sizeof(buffer));

	fprintf(print_path(stream(), path), ": %s: %s\n", what, reason);
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

void *allocate_room(void *at, size_t count, size_t size)
{
	return need(array_room(at, count, size));
}
