/* SPDX-License-Identifier: MIT */
#include "output/csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The row that is being written has a cell. */
static bool begun;

void csv_cell(struct text *t, const char *string)
{
	const bool formula = *string && strchr("=+-@", *string);
	const size_t size = strlen(string) + 1;
	char *words = allocate(size);
	const char *at = printable(words, size, string);

	text_put(t, formula ? "\"'" : "\"");
	for (; *at; at++) {
		text_put(t, *at == '"' ? "\"" : "");
		text_bytes(t, at, 1);
	}
	text_put(t, "\"");
	free(words);
}

static void separate(void)
{
	if (begun)
		putchar(',');
	begun = true;
}

void csv_put(const char *string)
{
	const size_t size = 2 * strlen(string) + 4;
	char *cell = allocate(size);
	struct text t;

	separate();
	text_start(&t, cell, size);
	csv_cell(&t, string);
	fputs(text_string(&t), stdout);
	free(cell);
}

void csv_number(uint64_t number)
{
	separate();
	printf("%" PRIu64, number);
}

void csv_end(void)
{
	fputs("\r\n", stdout);
	begun = false;
}

void csv_head(const char *words)
{
	printf("%s\r\n", words);
}
