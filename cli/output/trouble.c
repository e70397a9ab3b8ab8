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

static void print_path(const char *path)
{
	char buffer[4096];

	fprintf(stderr, "cpulevel: %s", printable(buffer, sizeof(buffer), path));
}

void trouble(const char *path, const char *message)
{
	print_path(path);
	fprintf(stderr, ": %s\n", message);
}

void trouble_place(const char *path, const struct where *where, const char *message)
{
	print_path(path);
	if (where->line)
		fprintf(stderr, ":%zu:%zu", where->line, where->column);
	fprintf(stderr, ": %s\n", message);
}

void trouble_at(const char *path, enum err err, const struct where *where)
{
	trouble_place(path, where, err_text(err));
}

void trouble_errno(const char *path, const char *what)
{
	const char *reason = strerror(errno);

	print_path(path);
	fprintf(stderr, ": %s: %s\n", what, reason);
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
