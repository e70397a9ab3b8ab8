/* SPDX-License-Identifier: MIT */
#include "base/lines.h"

/* Appends a blank and an item; begins a new line first if this one is full. */
static void put_item(struct text *t, const char *name, size_t *line, const char *item, size_t size)
{
	if (t->used - *line + 1 + size > LINE_COLUMNS) {
		text_put(t, "\n");
		*line = t->used;
		text_put(t, name);
	}
	text_put(t, " ");
	text_bytes(t, item, size);
}

void lines_list_write(struct text *t, const char *name, const uint32_t *number, size_t count)
{
	size_t line = t->used;

	text_put(t, name);
	if (count == 0)
		text_put(t, " none");
	for (size_t i = 0, last; i < count; i = last + 1) {
		char buffer[16];
		struct text item;

		for (last = i; last + 1 < count && number[last + 1] == number[last] + 1;)
			last++;
		text_start(&item, buffer, sizeof(buffer));
		text_decimal(&item, number[i]);
		if (last > i) {
			text_put(&item, "-");
			text_decimal(&item, number[last]);
		}
		put_item(t, name, &line, buffer, item.used);
	}
	text_put(t, "\n");
}

/* Reads "3" or "3-5" and appends the numbers. */
static void read_run(struct scan *s, uint32_t *number, size_t *count, size_t max, uint32_t limit)
{
	const struct scan start = *s;
	uint64_t first = scan_decimal(s, limit), last = first;

	if (s->err == ERR_NONE && s->at < s->end && *s->at == '-') {
		s->at++;
		last = scan_decimal(s, limit);
		if (s->err == ERR_NONE && last <= first) {
			*s = start;
			scan_fail(s, ERR_LIST_ORDER);
		}
	}
	/* A number that follows the last one directly must be in its run. */
	if (s->err == ERR_NONE && *count && first <= (uint64_t)number[*count - 1] + 1) {
		*s = start;
		scan_fail(s, first > number[*count - 1] ? ERR_SPELLING : ERR_LIST_ORDER);
	}
	if (s->err == ERR_NONE && last - first >= max - *count) {
		*s = start;
		scan_fail(s, ERR_LONG_LIST);
	}
	if (s->err == ERR_NONE)
		while (first <= last)
			number[(*count)++] = (uint32_t)first++;
}

static size_t item_size(const struct scan *s)
{
	const char *at = s->at;

	while (at < s->end && *at != ' ' && *at != '\n')
		at++;
	return (size_t)(at - s->at);
}

static size_t column(const struct scan *s)
{
	return (size_t)(s->at - s->line_start);
}

/*
 * Moves to the next item: past a blank or, if the line is full, past its end and the name of the
 * next line.  Returns false, with the scan after the line end, if there is no other item.
 */
static bool next_item(struct scan *s, const char *name)
{
	if (scan_done(s))
		return false;
	if (*s->at == ' ') {
		scan_space(s);
		if (s->err == ERR_NONE && column(s) + item_size(s) > LINE_COLUMNS)
			scan_fail(s, ERR_LONG_LINE);
		return s->err == ERR_NONE;
	}
	const size_t before = column(s);
	scan_line_end(s);
	if (!scan_is(s, name))
		return false;
	scan_word(s, name, ERR_WORD);
	scan_space(s);
	if (s->err == ERR_NONE && before + 1 + item_size(s) <= LINE_COLUMNS)
		scan_fail(s, ERR_SPELLING);
	return s->err == ERR_NONE;
}

size_t lines_list_read(struct scan *s, const char *name, uint32_t *number, size_t max,
                       uint32_t limit)
{
	size_t count = 0;

	scan_word(s, name, ERR_WORD);
	scan_space(s);
	if (scan_is(s, "none")) {
		scan_word(s, "none", ERR_WORD);
		scan_line_end(s);
		return 0;
	}
	do
		read_run(s, number, &count, max, limit);
	while (next_item(s, name));
	return s->err == ERR_NONE ? count : 0;
}

void lines_values_write(struct text *t, const uint32_t *value, size_t count)
{
	size_t line = t->used;

	text_put(t, "values");
	for (size_t i = 0; i < count; i++) {
		char buffer[8];
		struct text item;

		text_start(&item, buffer, sizeof(buffer));
		text_hex(&item, value[i], 8);
		put_item(t, "values", &line, buffer, item.used);
	}
	text_put(t, "\n");
}

void lines_values_read(struct scan *s, uint32_t *value, size_t count)
{
	size_t used = 0;

	scan_word(s, "values", ERR_WORD);
	scan_space(s);
	do {
		const uint32_t v = scan_hex(s, 8);
		if (used < count)
			value[used] = v;
		used++;
		if (used == count) {
			scan_line_end(s);
			return;
		}
	} while (next_item(s, "values"));
	scan_fail(s, ERR_VALUES);
}

void lines_time_read(struct scan *s, char string[static LINE_TIME_MAX])
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd", zone[] = "dd:dd";
	const char *expect = form;
	size_t used = 0;

	while (s->at < s->end && *s->at != '\n') {
		const char c = *s->at;
		if (*expect == 'd' ? c >= '0' && c <= '9' : *expect && c == *expect)
			expect++;
		else if (expect == form + sizeof(form) - 1 && (c == '+' || c == '-'))
			expect = zone;
		else if (expect == form + sizeof(form) - 1 && c == 'Z')
			expect = zone + sizeof(zone) - 1;
		else
			break;
		string[used++] = c;
		s->at++;
	}
	string[used] = '\0';
	if (*expect)
		scan_fail(s, ERR_TIME);
}
