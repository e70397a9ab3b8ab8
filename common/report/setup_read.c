/* SPDX-License-Identifier: MIT */
#include "base/mem.h"
#include "report/report.h"
#include "report/setup.h"

/* The strings of the question that is read. */
struct strings {
	char path[SETUP_PATH_MAX + 1];
	char prompt[REPORT_STRING_MAX + 1], store[REPORT_STRING_MAX + 1];
	char value[REPORT_STRING_MAX + 1], standard[REPORT_STRING_MAX + 1];
	char manufacturing[REPORT_STRING_MAX + 1];
};

static uint32_t read_decimal(struct scan *s, const char *word)
{
	scan_space(s);
	scan_word(s, word, ERR_WORD);
	scan_space(s);
	return (uint32_t)scan_decimal(s, UINT32_MAX);
}

static void read_head(struct scan *s, struct setup *setup)
{
	static const char none[] = "none";
	char why[REPORT_STRING_MAX + 1];

	scan_word(s, "setup", ERR_WORD);
	struct scan next = *s;
	scan_space(&next);
	setup_start(setup, NULL);
	if (scan_is(&next, none)) {
		*s = next;
		scan_word(s, none, ERR_WORD);
		scan_space(s);
		scan_quoted(s, why, sizeof(why));
		scan_line_end(s);
		if (s->err == ERR_NONE)
			setup_start(setup, why);
		return;
	}
	setup->found = read_decimal(s, "found");
	setup->chosen = read_decimal(s, "chosen");
	setup->faults = read_decimal(s, "faults");
	scan_space(s);
	scan_word(s, "digest", ERR_WORD);
	scan_space(s);
	for (unsigned i = 0; i < SETUP_DIGEST; i++)
		setup->digest[i] = (uint8_t)scan_hex(s, 2);
	if (s->err == ERR_NONE && setup->chosen > setup->found)
		scan_fail(s, ERR_RANGE);
	scan_line_end(s);
}

/* Moves past a word of several.  Returns its number; the last one must come if none before does. */
static unsigned read_choice(struct scan *s, const char *(*word)(unsigned), unsigned count)
{
	unsigned i = 0;

	while (i + 1 < count && !scan_is(s, word(i)))
		i++;
	scan_word(s, word(i), ERR_WORD);
	return i;
}

static const char *kind_word(unsigned kind)
{
	return setup_kind_word((enum setup_kind)kind);
}

static const char *store_word(unsigned kind)
{
	return setup_store_word((enum setup_store_kind)kind);
}

static unsigned read_state(struct scan *s)
{
	unsigned state = 0;

	for (unsigned bit = 0; bit < SETUP_STATES && !scan_done(s) && *s->at == ' '; bit++) {
		struct scan next = *s;

		scan_space(&next);
		if (!scan_is(&next, setup_state_word(bit)))
			continue;
		scan_word(&next, setup_state_word(bit), ERR_WORD);
		*s = next;
		state |= 1U << bit;
	}
	if (state == 0) {
		scan_space(s);
		scan_word(s, "shown", ERR_WORD);
	}
	return state;
}

/* Four fields of a GUID are numbers; the last six bytes are not. */
static void read_guid(struct scan *s, uint8_t guid[static SETUP_GUID])
{
	static const uint8_t size[] = { 4, 2, 2, 0 };
	uint8_t *at = guid;

	for (unsigned field = 0; size[field]; field++) {
		const uint32_t value = scan_hex(s, size[field] * 2U);

		for (unsigned i = 0; i < size[field]; i++)
			*at++ = (uint8_t)(value >> 8 * i);
		if (!scan_done(s) && *s->at == '-')
			s->at++;
		else
			scan_fail(s, ERR_HEX);
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == 2 && !scan_done(s) && *s->at == '-')
			s->at++;
		else if (i == 2)
			scan_fail(s, ERR_HEX);
		*at++ = (uint8_t)scan_hex(s, 2);
	}
}

static void read_store(struct scan *s, struct setup_store *store, struct strings *strings)
{
	scan_word(s, "store", ERR_WORD);
	scan_space(s);
	store->kind = (enum setup_store_kind)read_choice(s, store_word, SETUP_STORES);
	store->name = NULL;
	if (store->kind != SETUP_NOWHERE) {
		scan_space(s);
		scan_quoted(s, strings->store, sizeof(strings->store));
		store->name = strings->store;
		scan_space(s);
		read_guid(s, store->guid);
	}
	if (store->kind == SETUP_VARIABLE || store->kind == SETUP_BUFFER) {
		scan_space(s);
		const uint64_t offset = scan_hex_short(s);
		scan_space(s);
		store->bit = (uint32_t)scan_decimal(s, 7);
		scan_space(s);
		store->bits = (uint32_t)scan_decimal(s, UINT16_MAX);
		if (s->err == ERR_NONE && (offset > UINT16_MAX || store->bits == 0))
			scan_fail(s, ERR_RANGE);
		store->offset = (uint32_t)offset;
	}
	scan_line_end(s);
}

/* Reads the string after a value, which a number may have and a list or a cause must. */
static void read_value_text(struct scan *s, struct setup_value *v, char *string)
{
	const bool may = v->known == SETUP_NUMBER;

	if (may && !scan_done(s) && *s->at == '\n')
		return;
	scan_space(s);
	scan_quoted(s, string, REPORT_STRING_MAX + 1);
	v->text = string;
}

static void read_value(struct scan *s, const char *name, struct setup_value *v, char *string)
{
	/* A value can be unknown, and a default none or computed. */
	const bool of_value = *name == 'v';
	enum setup_known known = SETUP_COMPUTED;

	scan_word(s, name, ERR_WORD);
	scan_space(s);
	while (known != SETUP_NUMBER &&
	       !(scan_is(s, setup_known_word(known)) &&
	         (known == SETUP_LIST || (known == SETUP_UNKNOWN) == of_value)))
		known--;
	*v = (struct setup_value){ .known = known };
	if (known == SETUP_NUMBER)
		v->number = scan_hex_short(s);
	else
		scan_word(s, setup_known_word(known), ERR_WORD);
	if (v->known != SETUP_NONE && v->known != SETUP_COMPUTED)
		read_value_text(s, v, string);
	scan_line_end(s);
}

static void read_question(struct scan *s, struct setup_question *q, struct strings *strings)
{
	scan_word(s, "question", ERR_WORD);
	scan_space(s);
	scan_quoted(s, strings->prompt, sizeof(strings->prompt));
	q->prompt = strings->prompt;
	scan_space(s);
	q->kind = (enum setup_kind)read_choice(s, kind_word, SETUP_KINDS);
	q->state = read_state(s);
	scan_line_end(s);
	read_store(s, &q->store, strings);
	read_value(s, "value", &q->value, strings->value);
	read_value(s, "default", &q->standard, strings->standard);
	q->manufacturing = q->standard;
	if (!scan_is(s, "manufacturing"))
		return;
	const struct scan line = *s;
	read_value(s, "manufacturing", &q->manufacturing, strings->manufacturing);
	if (s->err == ERR_NONE && setup_same_value(&q->standard, &q->manufacturing)) {
		*s = line;
		scan_fail(s, ERR_SPELLING);
	}
}

/* Reads the path, which is only there if it is another than that of the question before. */
static void read_path(struct scan *s, const struct setup *setup, struct strings *strings)
{
	const struct scan line = *s;

	if (setup->count && !scan_is(s, "path"))
		return;
	scan_word(s, "path", ERR_WORD);
	scan_space(s);
	char before[SETUP_PATH_MAX + 1];
	memcpy(before, strings->path, sizeof(before));
	scan_quoted(s, strings->path, sizeof(strings->path));
	scan_line_end(s);
	bool same = setup->count > 0;
	for (size_t i = 0; same && (i == 0 || before[i - 1]); i++)
		same = before[i] == strings->path[i];
	if (s->err == ERR_NONE && same) {
		*s = line;
		scan_fail(s, ERR_SPELLING);
	}
}

void setup_read(struct scan *s, struct setup *setup)
{
	struct strings strings = { 0 };

	read_head(s, setup);
	while (s->err == ERR_NONE && !setup->none &&
	       (scan_is(s, "path") || scan_is(s, "question"))) {
		const struct scan line = *s;
		struct setup_question q = { .path = strings.path };

		read_path(s, setup, &strings);
		read_question(s, &q, &strings);
		if (s->err == ERR_NONE &&
		    (setup->count == setup->chosen || !setup_add(setup, &q))) {
			*s = line;
			scan_fail(s, ERR_FULL);
		}
	}
}
