/* SPDX-License-Identifier: MIT */
#include "line.h"

#include "console.h"

void line_pad(struct text *t, size_t column)
{
	while (t->used < column && !t->full)
		text_put(t, " ");
}

void line_start(struct line *l, const char *label)
{
	text_start(&l->text, l->bytes, sizeof(l->bytes));
	text_put(&l->text, label);
	line_pad(&l->text, LABEL_COLUMNS);
}

/* Returns how many of these bytes go into a row of so many columns: up to a blank if there is one.
 */
static size_t row_of(const char *bytes, size_t size, size_t columns, size_t label)
{
	size_t end = columns;

	if (size <= columns)
		return size;
	while (end > label && bytes[end] != ' ')
		end--;
	return end > label ? end : columns;
}

static void wrap(struct text *rows, enum console_colour colour, const struct line *l, size_t indent)
{
	const char mark = (char)colour;
	const size_t size = l->text.used;

	for (size_t at = 0; at == 0 || at < size;) {
		const size_t shift = at ? indent : 0;
		const size_t row =
			row_of(l->bytes + at, size - at, CONSOLE_COLUMNS - shift, at ? 0 : indent);

		text_bytes(rows, &mark, colour != CONSOLE_PLAIN);
		for (size_t i = 0; i < shift; i++)
			text_put(rows, " ");
		text_bytes(rows, l->bytes + at, row);
		text_put(rows, "\n");
		at += row + (at + row < size && l->bytes[at + row] == ' ');
		if (row == 0)
			return;
	}
}

void line_end(struct line *l, struct text *rows)
{
	wrap(rows, CONSOLE_PLAIN, l, LABEL_COLUMNS);
}

void line_sentence(struct text *rows, enum console_colour colour, const char *first,
                   const char *middle, const char *last)
{
	struct line l;

	text_start(&l.text, l.bytes, sizeof(l.bytes));
	text_put(&l.text, first);
	text_put(&l.text, middle);
	text_put(&l.text, last);
	wrap(rows, colour, &l, 0);
}
