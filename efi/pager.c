/* SPDX-License-Identifier: MIT */
#include "pager.h"

#include "console.h"

#define WAIT_MS (10 * 60 * 1000)

/* Rows that a page leaves: for its keys, which can need two. */
#define LEFT_ROWS 3

/* Returns the end of the row that begins at this place in the text. */
static size_t row_end(const struct text *text, size_t at)
{
	const size_t most = at + CONSOLE_COLUMNS + ((unsigned char)text->at[at] < CONSOLE_COLOURS);

	while (at < text->used && at < most && text->at[at] != '\n')
		at++;
	return at;
}

/* Returns where the row ends that begins at a place, and shows it if fw is not NULL. */
static size_t row(const struct firmware *fw, const struct text *text, size_t at, bool fill)
{
	const size_t end = row_end(text, at);

	if (fw)
		console_row(fw, text->at + at, end - at, fill);
	return end < text->used && text->at[end] == '\n' ? end + 1 : end;
}

/* Returns where the page after this one begins. */
static size_t page(const struct firmware *fw, const struct text *text, size_t at, size_t rows)
{
	for (; rows > 0 && at < text->used; rows--)
		at = row(fw, text, at, false);
	return at;
}

static size_t page_before(const struct text *text, size_t at, size_t rows)
{
	size_t before = 0;

	for (size_t next = 0; next < at; next = page(NULL, text, next, rows))
		before = next;
	return before;
}

static size_t count_rows(const struct text *text)
{
	size_t rows = 0;

	for (size_t at = 0; at < text->used; rows++)
		at = row(NULL, text, at, false);
	return rows;
}

void pager_begin(const struct firmware *fw, const struct text *text, size_t rows)
{
	const size_t all = count_rows(text);
	const size_t shown = all > rows ? rows - 1 : all;
	char bytes[CONSOLE_COLUMNS + 1];
	struct text more;
	size_t at = 0;

	for (size_t i = 0; i < shown; i++)
		at = row(fw, text, at, true);
	if (shown == all)
		return;
	text_start(&more, bytes, sizeof(bytes));
	text_put(&more, "-- ");
	text_decimal(&more, all - shown);
	text_put(&more, " more rows: press L --");
	console_row(fw, bytes, more.used, true);
}

bool pager_show(const struct firmware *fw, const struct text *text, const char *other)
{
	const size_t rows = console_rows(fw) - LEFT_ROWS;
	size_t at = 0;

	while (at < text->used) {
		console_start(fw);
		const size_t next = page(fw, text, at, rows);

		console_put(fw, next < text->used ? "-- Space: next page, B: previous page, "
		                                  : "-- The end. B: previous page, ");
		if (other) {
			console_put(fw, "R: ");
			console_put(fw, other);
			console_put(fw, ", ");
		}
		console_put(fw, "Q: quit --");
		switch (console_key(fw, WAIT_MS)) {
		case ' ':
			at = next < text->used ? next : at;
			break;
		case 'b':
		case 'B':
			at = page_before(text, at, rows);
			break;
		case 'r':
		case 'R':
			if (other)
				return true;
			break;
		case 0:
		case 'q':
		case 'Q':
			console_start(fw);
			return false;
		}
	}
	return false;
}
