// SPDX-License-Identifier: MIT
/*
 * forms.c - the setup questions of a firmware's forms.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "hii/hii.h"
#include "hii/hii_choice.h"

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

/* Whole characters of UTF-8 without blanks at the ends. */
static void check_text(const char *text, size_t limit)
{
	const size_t size = text ? strlen(text) : 0;

	CHECK(size <= limit);
	for (size_t i = 0; i < size; i++) {
		const unsigned char c = (unsigned char)text[i];
		const unsigned more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

		CHECK((c & 0xc0) != 0x80 && c >= ' ' && i + more < size);
		for (unsigned k = 0; k < more; k++)
			CHECK(((unsigned char)text[++i] & 0xc0) == 0x80);
	}
	CHECK(size == 0 || (text[0] != ' ' && text[size - 1] != ' '));
}

static bool take(void *ctx, const struct setup_question *q, const char *help)
{
	static struct hii_choice choice;
	struct taking *t = ctx;

	if (choice.phrases == 0)
		hii_choice_start(&choice);
	hii_choice_takes(&choice, q->prompt, help);
	check_text(q->path, SETUP_PATH_MAX);
	check_text(q->prompt, REPORT_STRING_MAX);
	check_text(help, HII_HELP_MAX);
	check_text(q->value.text, REPORT_STRING_MAX);
	check_text(q->standard.text, REPORT_STRING_MAX);
	check_text(q->manufacturing.text, REPORT_STRING_MAX);
	CHECK(q->store.bit < 8 && q->store.offset <= UINT16_MAX && q->state < 1U << SETUP_STATES);
	CHECK(q->store.kind == SETUP_NOWHERE || q->store.kind == SETUP_NAMED || q->store.bits);
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
