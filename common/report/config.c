/* SPDX-License-Identifier: MIT */
#include "report/config.h"

#include "base/mem.h"
#include "base/scan.h"

#define COUNTDOWN_MAX 3600

#define COUNT(words) (sizeof(words) / sizeof((words)[0]))

void config_default(struct config *c)
{
	*c = (struct config){
		.countdown = 10,
		.verbosity = VERBOSITY_NORMAL,
		.forms = FORMS_PROCESSOR,
		.msr = true,
		.tpm = true,
	};
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
}

/* Moves past a word and the blanks after it, if this whole word comes next. */
static bool take_word(struct scan *s, const char *word)
{
	const char *at = s->at;

	for (; *word; word++, at++)
		if (at == s->end || *at != *word)
			return false;
	if (at < s->end && *at != ' ' && *at != '\t')
		return false;
	s->at = at;
	skip_blanks(s);
	return true;
}

/* Reads the rest of a line, without the blanks at its end. */
static void read_label(struct scan *s, struct config *c)
{
	size_t size = (size_t)(s->end - s->at);

	while (size && (s->at[size - 1] == ' ' || s->at[size - 1] == '\t'))
		size--;
	if (size > REPORT_STRING_MAX) {
		scan_fail(s, ERR_STRING_LONG);
		return;
	}
	memcpy(c->label, s->at, size);
	c->label[size] = '\0';
	s->at = s->end;
}

/*
 * Reads the rest of a line, which must be one of the words; *value is the word's index.  Returns
 * false if it is none.
 */
static bool read_choice(struct scan *s, uint8_t *value, const char (*word)[10], size_t words)
{
	for (size_t i = 0; i < words; i++) {
		if (!take_word(s, word[i]))
			continue;
		if (s->at != s->end)
			break;
		*value = (uint8_t)i;
		return true;
	}
	scan_fail(s, ERR_SETTING_VALUE);
	return false;
}

static void read_seconds(struct scan *s, struct config *c)
{
	const uint64_t seconds = scan_decimal(s, COUNTDOWN_MAX);

	skip_blanks(s);
	if (s->at != s->end)
		scan_fail(s, ERR_SETTING_VALUE);
	if (s->err == ERR_NONE)
		c->countdown = (uint32_t)seconds;
}

/* Reads one line; *s ends at the end of the line. */
static void read_setting(struct scan *s, struct config *c)
{
	static const char exits[][10] = { "off", "reboot", "return", "wait" };
	static const char verbosities[][10] = { "quiet", "normal", "full" };
	static const char switches[][10] = { "off", "on" };
	static const char processors[][10] = { "auto", "all", "boot" };
	static const char forms[][10] = { "off", "processor", "all", "drivers" };
	uint8_t msr = c->msr, tpm = c->tpm;

	skip_blanks(s);
	if (s->at == s->end || *s->at == '#')
		return;
	if (take_word(s, "countdown"))
		read_seconds(s, c);
	else if (take_word(s, "label"))
		read_label(s, c);
	else if (take_word(s, "exit"))
		c->exit_set = read_choice(s, &c->exit, exits, COUNT(exits)) || c->exit_set;
	else if (take_word(s, "processors"))
		read_choice(s, &c->processors, processors, COUNT(processors));
	else if (take_word(s, "setup"))
		read_choice(s, &c->forms, forms, COUNT(forms));
	else if (take_word(s, "verbosity"))
		read_choice(s, &c->verbosity, verbosities, COUNT(verbosities));
	else if (take_word(s, "msr"))
		read_choice(s, &msr, switches, COUNT(switches));
	else if (take_word(s, "tpm"))
		read_choice(s, &tpm, switches, COUNT(switches));
	else
		scan_fail(s, ERR_SETTING);
	c->msr = msr;
	c->tpm = tpm;
}

size_t config_read(struct config *c, const char *text, size_t size, enum err *reterr,
                   struct where *reterr_where)
{
	const char *const end = text + size;
	size_t wrong = 0;

	for (size_t number = 1; text < end; number++) {
		const char *stop = text;
		struct scan line;

		while (stop < end && *stop != '\n')
			stop++;
		const bool cr = stop > text && stop[-1] == '\r';
		scan_start(&line, text, (size_t)(stop - text) - cr);
		line.line = number;
		read_setting(&line, c);
		if (line.err != ERR_NONE && wrong++ == 0) {
			*reterr = line.err == ERR_END ? ERR_SETTING_VALUE : line.err;
			*reterr_where = line.where;
		}
		text = stop < end ? stop + 1 : stop;
	}
	return wrong;
}
