/* SPDX-License-Identifier: MIT */
#include "report/setup_text.h"

/* A number of no option: a checkbox has two, and a numeric question any. */
static void put_number(struct text *t, const struct setup_question *q, uint64_t number)
{
	if (q->kind == SETUP_CHECKBOX && number < 2) {
		text_put(t, number ? "checked" : "not checked");
		return;
	}
	text_decimal(t, number);
	if (q->kind != SETUP_NUMERIC)
		text_put(t, " (no option has this number)");
}

void setup_value_write(struct text *t, const struct setup_question *q, const struct setup_value *v)
{
	switch (v->known) {
	case SETUP_NUMBER:
		if (v->text)
			text_printable(t, v->text);
		else
			put_number(t, q, v->number);
		break;
	case SETUP_LIST:
		text_printable(t, v->text);
		break;
	case SETUP_UNKNOWN:
		text_put(t, "no value: ");
		text_printable(t, v->text);
		break;
	case SETUP_NONE:
		text_put(t, "none");
		break;
	case SETUP_COMPUTED:
		text_put(t, "computed");
		break;
	}
}

void setup_store_write(struct text *t, const struct setup_store *s)
{
	if (s->kind == SETUP_NOWHERE) {
		text_put(t, "not stored");
		return;
	}
	text_put(t, setup_store_word(s->kind));
	text_put(t, " ");
	text_printable(t, s->name);
	text_put(t, " {");
	setup_guid(t, s->guid);
	text_put(t, "}");
	if (s->kind == SETUP_NAMED)
		return;
	text_put(t, " offset 0x");
	text_hex(t, s->offset, 1);
	if (s->bit || s->bits % 8) {
		text_put(t, " bit ");
		text_decimal(t, s->bit);
	}
	text_put(t, ", ");
	text_decimal(t, s->bits);
	text_put(t, s->bits == 1 ? " bit" : " bits");
}

void setup_path_put(struct text *t, const struct setup_question *q)
{
	if (*q->path) {
		text_printable(t, q->path);
		text_put(t, " > ");
	}
	text_printable(t, *q->prompt ? q->prompt : "(no prompt)");
}

void setup_hidden_write(struct text *t, const struct setup_question *q)
{
	static const struct {
		unsigned states;
		char words[20];
	} word[] = {
		{ SETUP_SUPPRESSED, "suppressed" },
		{ SETUP_SUPPRESS_IF | SETUP_DISABLE_IF, "may be hidden" },
		{ SETUP_GRAYED, "grayed" },
		{ SETUP_GRAYOUT_IF, "may be grayed" },
		{ SETUP_UNREACHED, "no form leads here" },
	};
	const char *before = " (";

	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
		if (!(q->state & word[i].states))
			continue;
		text_put(t, before);
		text_put(t, word[i].words);
		before = ", ";
	}
	if (*before == ',')
		text_put(t, ")");
}
