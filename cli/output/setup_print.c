/* SPDX-License-Identifier: MIT */
#include "output/setup_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "report/setup_text.h"

static void put_string(const char *string)
{
	char buffer[4 * SETUP_PATH_MAX];

	fputs(printable(buffer, sizeof(buffer), string), stdout);
}

void print_setup_value(const struct setup_question *q, const struct setup_value *v)
{
	char buffer[SETUP_WORDS_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	setup_value_write(&t, q, v);
	fputs(text_string(&t), stdout);
}

static void print_store(const struct setup_store *s)
{
	char buffer[SETUP_WORDS_MAX];
	struct text t;

	text_start(&t, buffer, sizeof(buffer));
	setup_store_write(&t, s);
	printf("      %s\n", text_string(&t));
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
