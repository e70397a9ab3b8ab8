/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "mem.h"
#include "scan.h"

#define COUNTDOWN_MAX 3600

void config_default(struct config *c)
{
	*c = (struct config){ .countdown = 10 };
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
}

/* The rest of a line without blanks around it and without the CR of an editor elsewhere. */
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

/* Reads one line; *s ends where the line does. */
static void read_setting(struct scan *s, struct config *c)
{
	skip_blanks(s);
	if (s->at == s->end || *s->at == '#')
		return;
	if (scan_is(s, "countdown")) {
		scan_word(s, "countdown", ERR_SETTING);
		skip_blanks(s);
		const uint64_t seconds = scan_decimal(s, COUNTDOWN_MAX);
		skip_blanks(s);
		if (s->at != s->end)
			scan_fail(s, ERR_SETTING_VALUE);
		if (s->err == ERR_NONE)
			c->countdown = (uint32_t)seconds;
	} else if (scan_is(s, "label")) {
		scan_word(s, "label", ERR_SETTING);
		skip_blanks(s);
		read_label(s, c);
	} else {
		scan_fail(s, ERR_SETTING);
	}
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
