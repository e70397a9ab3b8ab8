/* SPDX-License-Identifier: MIT */
#include "compare/option.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "table/feature_setup.h"

int option_compare(const struct setup_question *a, const struct setup_question *b)
{
	const int path = a->path == b->path ? 0 : ascii_compare(a->path, b->path);

	return path ? path : ascii_compare(a->prompt, b->prompt);
}

int option_compare_store(const struct setup_question *a, const struct setup_question *b)
{
	const bool x = a->store.kind == SETUP_NOWHERE, y = b->store.kind == SETUP_NOWHERE;

	if (x || y)
		return (int)y - (int)x;
	const int name = ascii_compare(a->store.name, b->store.name);
	return name ? name : memcmp(a->store.guid, b->store.guid, sizeof(a->store.guid));
}

int option_compare_value(const struct setup_value *a, const struct setup_value *b)
{
	if (a->known != b->known)
		return a->known < b->known ? -1 : 1;
	if (a->text && b->text)
		return ascii_compare(a->text, b->text);
	if (a->text || b->text)
		return a->text ? 1 : -1;
	return a->known == SETUP_NUMBER ? (a->number > b->number) - (a->number < b->number) : 0;
}

bool option_same_value(const struct setup_value *a, const struct setup_value *b)
{
	return option_compare_value(a, b) == 0;
}

const struct setup_question *option_next(const struct setup *s, enum feature_id id,
                                         const struct setup_question *before)
{
	const struct setup_question *q = before ? before + 1 : s->question;

	for (; q < s->question + s->count; q++)
		if (feature_setup_names(id, q->prompt))
			return q;
	return NULL;
}

/* How many questions before end have the path and prompt of q; same: and its store. */
static size_t count(const struct setup *s, const struct setup_question *q,
                    const struct setup_question *end, bool same)
{
	size_t found = 0;

	for (const struct setup_question *p = s->question; p < end; p++)
		found += option_compare(p, q) == 0 && (!same || option_compare_store(p, q) == 0);
	return found;
}

const struct setup_question *option_find(const struct setup *s, const struct setup_question *q,
                                         const struct setup *other)
{
	const struct setup_question *end = other->question + other->count;
	const bool stores =
		count(s, q, s->question + s->count, false) > 1 || count(other, q, end, false) > 1;
	size_t before = count(s, q, q, stores);

	for (const struct setup_question *p = other->question; p < end; p++)
		if (option_compare(p, q) == 0 && (!stores || option_compare_store(p, q) == 0) &&
		    before-- == 0)
			return p;
	return NULL;
}
