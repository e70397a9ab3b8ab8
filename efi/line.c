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

void line_end(struct line *l, const struct firmware *fw)
{
	size_t from = 0, indent = 0;

	while (l->text.used - from > CONSOLE_COLUMNS - indent) {
		size_t size = CONSOLE_COLUMNS - indent;

		while (size > 0 && l->bytes[from + size] != ' ')
			size--;
		if (size == 0 || (indent == 0 && size <= LABEL_COLUMNS))
			size = CONSOLE_COLUMNS - indent;
		console_bytes(fw, l->bytes + from, size);
		console_put(fw, "\n             ");
		from += size + (l->bytes[from + size] == ' ');
		indent = LABEL_COLUMNS;
	}
	console_bytes(fw, l->bytes + from, l->text.used - from);
	console_put(fw, "\n");
}

void line_cut(struct line *l, const struct firmware *fw)
{
	size_t size = l->text.used;

	if (size > CONSOLE_COLUMNS) {
		size = CONSOLE_COLUMNS;
		for (size_t i = size - 3; i < size; i++)
			l->bytes[i] = '.';
	}
	console_bytes(fw, l->bytes, size);
	console_put(fw, "\n");
}
