/* SPDX-License-Identifier: MIT */
#include "report/setup.h"

#include "base/ascii.h"
#include "base/mem.h"

/* Not arrays of pointers, which would need relocations in the probe. */
const char *setup_kind_word(enum setup_kind kind)
{
	static const char word[SETUP_KINDS][16] = { "one-of", "checkbox", "numeric",
		                                    "ordered-list" };

	return word[kind];
}

const char *setup_store_word(enum setup_store_kind kind)
{
	static const char word[SETUP_STORES][16] = { "none", "variable", "buffer", "named" };

	return word[kind];
}

const char *setup_known_word(enum setup_known known)
{
	static const char word[SETUP_COMPUTED + 1][16] = { "", "list", "unknown", "none",
		                                           "computed" };

	return word[known];
}

const char *setup_state_word(unsigned bit)
{
	static const char word[SETUP_STATES][16] = { "suppress-if", "gray-out-if", "disable-if",
		                                     "suppressed",  "grayed",      "unreached" };

	return word[bit];
}

/*
 * Returns a copy of a string in s->text, or the string before it there if that is equal.  NULL
 * stays NULL.  There is room: each string is in the lines too, with two quotes.
 */
static const char *keep(struct setup *s, const char *string, const char *before)
{
	if (!string || (before && ascii_compare(string, before) == 0))
		return string ? before : NULL;
	const size_t size = ascii_size(string) + 1;
	memcpy(s->text + s->used, string, size);
	s->used += size;
	return s->text + s->used - size;
}

void setup_start(struct setup *s, const char *none)
{
	s->there = true;
	s->found = s->chosen = s->faults = 0;
	s->count = s->bytes = s->used = 0;
	memset(s->digest, 0, sizeof(s->digest));
	s->none = keep(s, none, NULL);
}

bool setup_add(struct setup *s, const struct setup_question *q)
{
	const struct setup_question *before = s->count ? &s->question[s->count - 1] : NULL;
	char lines[SETUP_LINES_MAX];
	struct text t;

	text_start(&t, lines, sizeof(lines));
	if (!before || ascii_compare(before->path, q->path) != 0)
		setup_path_write(&t, q->path);
	setup_question_write(&t, q);
	if (t.full || s->count == SETUP_MAX || t.used > SETUP_TEXT_MAX - s->bytes)
		return false;
	s->bytes += t.used;
	struct setup_question *to = &s->question[s->count];
	*to = *q;
	to->path = keep(s, q->path, before ? before->path : NULL);
	to->prompt = keep(s, q->prompt, NULL);
	to->store.name = keep(s, q->store.name, before ? before->store.name : NULL);
	to->value.text = keep(s, q->value.text, NULL);
	to->standard.text = keep(s, q->standard.text, to->value.text);
	to->manufacturing.text = keep(s, q->manufacturing.text, to->standard.text);
	s->count++;
	return true;
}

bool setup_same_value(const struct setup_value *a, const struct setup_value *b)
{
	if (a->known != b->known || (a->known == SETUP_NUMBER && a->number != b->number))
		return false;
	if (!a->text || !b->text)
		return a->text == b->text;
	return ascii_compare(a->text, b->text) == 0;
}
