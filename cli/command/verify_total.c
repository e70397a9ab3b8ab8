/* SPDX-License-Identifier: MIT */
#include "command/verify_total.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/sequence.h"

struct verify_stick {
	uint8_t key[SEAL_NUMBER];
	struct sequence numbers;
};

void verify_total_count(struct verify_total *t, int result)
{
	t->good += result == EXIT_YES;
	t->bad += result == EXIT_NO;
	t->unverified += result == EXIT_TROUBLE;
}

static struct verify_stick *stick_of(struct verify_total *t, const uint8_t key[static SEAL_NUMBER])
{
	/* Reports of one stick come together more often than not. */
	for (size_t i = t->sticks; i-- > 0;)
		if (memcmp(t->stick[i].key, key, SEAL_NUMBER) == 0)
			return &t->stick[i];
	t->stick = allocate_room(t->stick, t->sticks, sizeof(*t->stick));
	struct verify_stick *new = &t->stick[t->sticks++];
	*new = (struct verify_stick){ 0 };
	memcpy(new->key, key, SEAL_NUMBER);
	return new;
}

void verify_total_number(struct verify_total *t, const uint8_t key[static SEAL_NUMBER],
                         uint64_t number)
{
	sequence_add(&stick_of(t, key)->numbers, number);
}

void verify_total_print(struct verify_total *t)
{
	const size_t files = t->good + t->bad + t->unverified;

	if (files < 2)
		return;
	printf("%zu files: %zu good", files, t->good);
	if (t->bad)
		printf(", %zu bad", t->bad);
	if (t->unverified)
		printf(", %zu not verified", t->unverified);
	putchar('\n');
	for (size_t i = 0; i < t->sticks; i++) {
		struct verify_stick *stick = &t->stick[i];
		char key[17];

		if (stick->numbers.count < 2)
			continue;
		seal_number(stick->key, key);
		printf("stick %s: %zu reports", key, stick->numbers.count);
		sequence_print(&stick->numbers);
	}
}

void verify_total_free(struct verify_total *t)
{
	for (size_t i = 0; i < t->sticks; i++)
		sequence_free(&t->stick[i].numbers);
	free(t->stick);
}
