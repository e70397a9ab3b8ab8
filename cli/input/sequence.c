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

bool sequence_next_gap(struct sequence *s, struct sequence_gap *gap)
{
	if (gap->next == 0 && s->count)
		qsort(s->number, s->count, sizeof(*s->number), compare);
	while (gap->next < s->count) {
		const uint64_t number = s->number[gap->next++];
		const uint64_t before = gap->highest;

		gap->highest = number;
		if (number - before <= 1)
			continue;
		gap->first = before + 1;
		gap->last = number - 1;
		return true;
	}
	return false;
}

void sequence_print(struct sequence *s)
{
	struct sequence_gap end = { .next = 0 }, gap = { .next = 0 };
	const char *before = ", missing: ";
	bool any = false;

	while (sequence_next_gap(s, &end))
		any = true;
	if (s->count)
		printf("; numbers 1 to %" PRIu64 "%s", end.highest, any ? "" : ", none missing");
	for (; sequence_next_gap(s, &gap); before = ", ") {
		printf("%s%" PRIu64, before, gap.first);
		if (gap.last > gap.first)
			printf("-%" PRIu64, gap.last);
	}
	putchar('\n');
}

void sequence_free(struct sequence *s)
{
	free(s->number);
}
