/* SPDX-License-Identifier: MIT */
#include "command/verify_total.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/sequence.h"
#include "output/color.h"
#include "output/document.h"

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
		printf(", %s%zu bad%s", color_on(TONE_BAD), t->bad, color_off());
	if (t->unverified)
		printf(", %s%zu not verified%s", color_on(TONE_ODD), t->unverified, color_off());
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

static json_t *stick_json(struct verify_stick *stick)
{
	json_t *object = json_object();
	struct sequence_gap gap = { .next = 0 };
	char key[17];

	seal_number(stick->key, key);
	json_put(object, "key", json_text(key));
	json_put(object, "reports", json_count(stick->numbers.count));
	json_t *missing = json_put_list(object, "missing");
	while (sequence_next_gap(&stick->numbers, &gap)) {
		json_t *numbers = json_add_object(missing);

		json_put(numbers, "first", json_count(gap.first));
		json_put(numbers, "last", json_count(gap.last));
	}
	json_put(object, "highest", json_count(gap.highest));
	return object;
}

void verify_total_json(struct verify_total *t, json_t *document)
{
	json_t *total = json_put_object(document, "total");
	json_t *sticks = json_put_list(document, "sticks");

	json_put(total, "good", json_count(t->good));
	json_put(total, "bad", json_count(t->bad));
	json_put(total, "not_verified", json_count(t->unverified));
	for (size_t i = 0; i < t->sticks; i++)
		if (t->stick[i].numbers.count > 0)
			json_add(sticks, stick_json(&t->stick[i]));
}

void verify_total_free(struct verify_total *t)
{
	for (size_t i = 0; i < t->sticks; i++)
		sequence_free(&t->stick[i].numbers);
	free(t->stick);
}
