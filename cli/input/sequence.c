/* SPDX-License-Identifier: MIT */
#include "input/sequence.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

void sequence_add(struct sequence *s, uint64_t number)
{
	if (number == 0)
		return;
	s->number = allocate_room(s->number, s->count, sizeof(*s->number));
	s->number[s->count++] = number;
}

bool sequence_misses(const struct sequence *s, uint64_t number)
{
	uint64_t highest = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (s->number[i] == number)
			return false;
		highest = s->number[i] > highest ? s->number[i] : highest;
	}
	return number > 0 && number < highest;
}

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void sequence_print(struct sequence *s)
{
	const char *before = ", missing: ";
	uint64_t next = 1;

	if (s->count == 0) {
		putchar('\n');
		return;
	}
	qsort(s->number, s->count, sizeof(*s->number), compare);
	printf("; numbers 1 to %" PRIu64, s->number[s->count - 1]);
	for (size_t i = 0; i < s->count; i++) {
		const uint64_t last = s->number[i] - 1;

		if (last >= next) {
			printf("%s%" PRIu64, before, next);
			if (last > next)
				printf("-%" PRIu64, last);
			before = ", ";
		}
		next = s->number[i] + 1;
	}
	puts(*before == ',' && before[2] == 'm' ? ", none missing" : "");
}

void sequence_free(struct sequence *s)
{
	free(s->number);
}
