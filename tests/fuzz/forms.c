// SPDX-License-Identifier: MIT
/*
 * forms.c - the setup questions of a firmware's forms.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "hii/hii.h"
#include "hii/hii_choice.h"
#include "hii_question.h"

/* Far more than forms of this size have. */
#define QUESTIONS_MAX 4000

struct taking {
	struct report *report;
	uint32_t questions;
};

static const char *read_store(void *ctx, uint32_t list, const struct setup_store *store,
                              uint8_t *bytes, size_t size)
{
	(void)ctx;
	if (store->offset % 7 == 3)
		return "no such variable";
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(store->offset + i + list);
	return NULL;
}

static bool take(void *ctx, const struct setup_question *q, const char *help)
{
	static struct hii_choice choice;
	struct taking *t = ctx;

	if (choice.phrases == 0)
		hii_choice_start(&choice);
	hii_choice_takes(&choice, q->prompt, help);
	CHECK(hii_question_is_clean(q, help));
	t->report->setup.chosen++;
	setup_add(&t->report->setup, q);
	return ++t->questions < QUESTIONS_MAX;
}

void fuzz_hii(const uint8_t *data, size_t size)
{
	static struct report report;
	struct taking t = { &report, 0 };
	struct hii h;

	report_start(&report);
	setup_start(&report.setup, NULL);
	const size_t room = hii_count(&h, data, size);
	CHECK(room <= 64 * size + 4096);
	void *memory = malloc(room ? room : 1);
	CHECK(memory);
	if (room) {
		hii_open(&h, memory);
		hii_each(&h, read_store, take, &t);
		CHECK(t.questions == h.questions || t.questions == QUESTIONS_MAX);
	}
	report.setup.found = t.questions;
	fuzz_respell(&report);
	free(memory);
}
