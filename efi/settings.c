/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "base/text.h"
#include "embedded.h"
#include "line.h"

#define SETTINGS_NAME "cpulevel.conf"

/* So many characters of a line are shown. */
#define SHOWN_MAX 32

static void complain(struct text *rows, size_t line, const char *bytes, size_t size, enum err err)
{
	char shown[SHOWN_MAX + 1], buffer[256];
	const size_t before = rows->used;
	struct text t;
	size_t n = 0;

	for (; n < size && n < SHOWN_MAX && bytes[n] != '\n'; n++)
		shown[n] = bytes[n] ? bytes[n] : '?';
	shown[n] = '\0';
	text_start(&t, buffer, sizeof(buffer));
	text_put(&t, SETTINGS_NAME ", line ");
	text_decimal(&t, line);
	text_put(&t, " ignored (\"");
	text_printable(&t, shown);
	text_put(&t, "\"): ");
	text_put(&t, err_text(err));
	text_put(&t, ".");
	if (text_string(&t))
		line_sentence(rows, CONSOLE_BAD, buffer, "", "");
	if (rows->full)
		rows->used = before;
}

/* Line by line, because config_read names the first bad line only. */
static void read_lines(struct config *config, struct text *rows, const char *text, size_t size)
{
	for (size_t line = 1, at = 0; at < size; line++) {
		size_t end = at;
		struct where where;
		enum err err;

		while (end < size && text[end] != '\n')
			end++;
		if (end < size)
			end++;
		if (config_read(config, text + at, end - at, &err, &where) > 0)
			complain(rows, line, text + at, end - at, err);
		at = end;
	}
}

void settings_read(struct config *config, struct text *rows, const struct beside *from)
{
	char text[CONFIG_TEXT_MAX], clause[REMOTE_CLAUSE_MAX + 1];
	/* cppcheck-suppress comparePointers ; the two ends of one file */
	UINTN size = (UINTN)(embedded_conf_end - embedded_conf);

	config_default(config);
	read_lines(config, rows, embedded_conf, size);
	/* What needs no file is not asked for over the network. */
	if (size > 0 && !from->stick->root)
		return;

	const EFI_STATUS status =
		beside_read(from, SETTINGS_NAME, false, text, sizeof(text), &size, clause);
	if (!EFI_ERROR(status)) {
		read_lines(config, rows, text, size);
	} else if (status != EFI_NOT_FOUND) {
		line_sentence(rows, CONSOLE_BAD, SETTINGS_NAME " ignored: ", clause, ".");
	}
}
