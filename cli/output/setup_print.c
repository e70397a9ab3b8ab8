/* SPDX-License-Identifier: MIT */
#include "output/setup_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static void put_string(const char *string)
{
	char buffer[4 * SETUP_PATH_MAX];

	fputs(printable(buffer, sizeof(buffer), string), stdout);
}

/* A number of no option: a checkbox has two, and a numeric question any. */
static void print_number(const struct setup_question *q, uint64_t number)
{
	if (q->kind == SETUP_CHECKBOX && number < 2)
		fputs(number ? "checked" : "not checked", stdout);
	else if (q->kind == SETUP_NUMERIC)
		printf("%" PRIu64, number);
	else
		printf("%" PRIu64 " (no option has this number)", number);
}

void print_setup_value(const struct setup_question *q, const struct setup_value *v)
{
	switch (v->known) {
	case SETUP_NUMBER:
		if (v->text)
			put_string(v->text);
		else
			print_number(q, v->number);
		break;
	case SETUP_LIST:
		put_string(v->text);
		break;
	case SETUP_UNKNOWN:
		fputs("no value: ", stdout);
		put_string(v->text);
		break;
	case SETUP_NONE:
		fputs("none", stdout);
		break;
	case SETUP_COMPUTED:
		fputs("computed", stdout);
		break;
	}
}

static void print_store(const struct setup_store *s)
{
	char guid[64];
	struct text t;

	if (s->kind == SETUP_NOWHERE) {
		printf("      not stored\n");
		return;
	}
	text_start(&t, guid, sizeof(guid));
	setup_guid(&t, s->guid);
	printf("      %s ", setup_store_word(s->kind));
	put_string(s->name);
	printf(" {%s}", text_string(&t));
	if (s->kind != SETUP_NAMED) {
		printf(" offset 0x%" PRIx32, s->offset);
		if (s->bit || s->bits % 8)
			printf(" bit %" PRIu32, s->bit);
		printf(", %" PRIu32 " bit%s", s->bits, s->bits == 1 ? "" : "s");
	}
	putchar('\n');
}

void print_setup_path(const char *before, const char *path)
{
	if (before && strcmp(before, path) == 0)
		return;
	printf("  ");
	put_string(path);
	putchar('\n');
}

void print_setup_question(const struct setup_question *q)
{
	printf("    ");
	put_string(q->prompt[0] ? q->prompt : "(no prompt)");
	/* An export of forms has no values. */
	if (q->value.known != SETUP_UNKNOWN || q->value.text[0]) {
		printf(" = ");
		print_setup_value(q, &q->value);
	}
	printf("\n      default ");
	print_setup_value(q, &q->standard);
	if (!setup_same_value(&q->standard, &q->manufacturing)) {
		printf(", manufacturing ");
		print_setup_value(q, &q->manufacturing);
	}
	for (unsigned bit = 0; bit < SETUP_STATES; bit++)
		if (q->state >> bit & 1)
			printf(", %s", setup_state_word(bit));
	putchar('\n');
	print_store(&q->store);
}

void print_setup_options(const struct setup *s)
{
	const char *path = NULL;

	if (!s->there)
		return;
	if (s->none) {
		printf("\nsetup: no options were read: ");
		put_string(s->none);
		putchar('\n');
		return;
	}
	printf("\nsetup: %zu of %" PRIu32 " options", s->count, s->found);
	if (s->chosen > s->count)
		printf(" (%" PRIu32 " more did not fit)", s->chosen - (uint32_t)s->count);
	if (s->faults)
		printf(", %" PRIu32 " damaged place%s in the forms", s->faults,
		       s->faults == 1 ? "" : "s");
	printf(", digest of all ");
	for (unsigned i = 0; i < SETUP_DIGEST; i++)
		printf("%02x", s->digest[i]);
	putchar('\n');
	for (const struct setup_question *q = s->question; q < s->question + s->count; q++) {
		print_setup_path(path, q->path);
		path = q->path;
		print_setup_question(q);
	}
}
