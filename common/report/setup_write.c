/* SPDX-License-Identifier: MIT */
#include "report/setup.h"

void setup_guid(struct text *t, const uint8_t guid[static SETUP_GUID])
{
	/* The first three fields are numbers, their lowest byte first. */
	static const uint8_t order[SETUP_GUID] = { 3, 2, 1,  0,  5,  4,  7,  6,
		                                   8, 9, 10, 11, 12, 13, 14, 15 };

	for (unsigned i = 0; i < SETUP_GUID; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_put(t, "-");
		text_hex(t, guid[order[i]], 2);
	}
}

static void write_value(struct text *t, const char *name, const struct setup_value *v)
{
	text_put(t, name);
	text_put(t, " ");
	if (v->known == SETUP_NUMBER)
		text_hex(t, v->number, 1);
	else
		text_put(t, setup_known_word(v->known));
	if (v->text) {
		text_put(t, " ");
		text_quoted(t, v->text);
	}
	text_put(t, "\n");
}

static void write_store(struct text *t, const struct setup_store *s)
{
	text_put(t, "store ");
	text_put(t, setup_store_word(s->kind));
	if (s->kind != SETUP_NOWHERE) {
		text_put(t, " ");
		text_quoted(t, s->name);
		text_put(t, " ");
		setup_guid(t, s->guid);
	}
	if (s->kind == SETUP_VARIABLE || s->kind == SETUP_BUFFER) {
		text_put(t, " ");
		text_hex(t, s->offset, 1);
		text_put(t, " ");
		text_decimal(t, s->bit);
		text_put(t, " ");
		text_decimal(t, s->bits);
	}
	text_put(t, "\n");
}

void setup_question_write(struct text *t, const struct setup_question *q)
{
	text_put(t, "question ");
	text_quoted(t, q->prompt);
	text_put(t, " ");
	text_put(t, setup_kind_word(q->kind));
	for (unsigned bit = 0; bit < SETUP_STATES; bit++)
		if (q->state >> bit & 1) {
			text_put(t, " ");
			text_put(t, setup_state_word(bit));
		}
	text_put(t, q->state ? "\n" : " shown\n");
	write_store(t, &q->store);
	write_value(t, "value", &q->value);
	write_value(t, "default", &q->standard);
	if (!setup_same_value(&q->standard, &q->manufacturing))
		write_value(t, "manufacturing", &q->manufacturing);
}

void setup_path_write(struct text *t, const char *path)
{
	text_put(t, "path ");
	text_quoted(t, path);
	text_put(t, "\n");
}

void setup_head_write(struct text *t, const struct setup *s)
{
	if (s->none) {
		text_put(t, "setup none ");
		text_quoted(t, s->none);
	} else {
		text_put(t, "setup found ");
		text_decimal(t, s->found);
		text_put(t, " chosen ");
		text_decimal(t, s->chosen);
		text_put(t, " faults ");
		text_decimal(t, s->faults);
		text_put(t, " digest ");
		for (unsigned i = 0; i < SETUP_DIGEST; i++)
			text_hex(t, s->digest[i], 2);
	}
	text_put(t, "\n");
}

void setup_write(struct text *t, const struct setup *s)
{
	const char *path = NULL;

	setup_head_write(t, s);
	for (const struct setup_question *q = s->question; q < s->question + s->count; q++) {
		/* setup_add keeps one string for equal neighbors. */
		if (q->path != path)
			setup_path_write(t, q->path);
		path = q->path;
		setup_question_write(t, q);
	}
}
