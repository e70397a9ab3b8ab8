/* SPDX-License-Identifier: MIT */
#include "pager.h"

#include "console.h"

#define LINES   22
#define WAIT_MS (10 * 60 * 1000)

/* Returns the end of the row that begins at this place in the text. */
static size_t line_end(const struct text *text, size_t at)
{
	const size_t most = at + CONSOLE_COLUMNS;

	while (at < text->used && at < most && text->at[at] != '\n')
		at++;
	return at;
}

/* Shows the page that begins at a place if fw is not NULL.  Returns where the next one begins. */
static size_t page(const struct firmware *fw, const struct text *text, size_t at)
{
	for (unsigned line = 0; line < LINES && at < text->used; line++) {
		const size_t end = line_end(text, at);

		if (fw) {
			console_bytes(fw, text->at + at, end - at);
			console_put(fw, "\n");
		}
		at = end < text->used && text->at[end] == '\n' ? end + 1 : end;
	}
	return at;
}

static size_t page_before(const struct text *text, size_t at)
{
	size_t before = 0;

	for (size_t next = 0; next < at; next = page(NULL, text, next))
		before = next;
	return before;
}

bool pager_show(const struct firmware *fw, const struct text *text, const char *other)
{
	size_t at = 0;

	while (at < text->used) {
		console_start(fw);
		const size_t next = page(fw, text, at);

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
			at = page_before(text, at);
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
