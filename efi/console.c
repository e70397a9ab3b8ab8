/* SPDX-License-Identifier: MIT */
#include "console.h"

#include "base/ascii.h"
#include "console_control.h"

#define KEY_POLL_MS 50

/* Every text screen has so many. */
#define CONSOLE_ROWS_LEAST 25

/*
 * Firmware from before UEFI 2.0, and Apple's, begins a program with the screen in graphics mode,
 * where text does not show.  EDK's protocol, which no specification has, changes that.
 */
static void text_mode(const struct firmware *fw)
{
	EFI_GUID guid = CONSOLE_CONTROL_GUID;
	struct console_control *control;

	if (!EFI_ERROR(fw->boot->LocateProtocol(&guid, NULL, (void **)&control)))
		control->SetMode(control, CONSOLE_CONTROL_TEXT);
}

void console_start(const struct firmware *fw)
{
	EFI_SYSTEM_TABLE *table = fw->table;

	text_mode(fw);
	console_ground(fw, CONSOLE_PLAIN);
	if (table->ConIn)
		table->ConIn->Reset(table->ConIn, FALSE);
}

static CHAR16 wide(char c)
{
	if ((c >= ' ' && c <= '~') || c == '\r')
		return (CHAR16)c;
	return L'?';
}

void console_bytes(const struct firmware *fw, const char *bytes, size_t size)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = fw->table->ConOut;
	CHAR16 piece[CONSOLE_COLUMNS + 3];
	size_t used = 0;

	if (!out)
		return;
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n') {
			piece[used++] = L'\r';
			piece[used++] = L'\n';
		} else {
			piece[used++] = wide(bytes[i]);
		}
		if (used >= CONSOLE_COLUMNS || i + 1 == size) {
			piece[used] = L'\0';
			out->OutputString(out, piece);
			used = 0;
		}
	}
}

void console_put(const struct firmware *fw, const char *string)
{
	console_bytes(fw, string, ascii_size(string));
}

void console_sentence(const struct firmware *fw, const char *string)
{
	size_t left = ascii_size(string);

	while (left > CONSOLE_COLUMNS) {
		size_t cut = CONSOLE_COLUMNS;
		while (cut > 0 && string[cut] != ' ')
			cut--;
		if (cut == 0)
			cut = CONSOLE_COLUMNS;
		console_bytes(fw, string, cut);
		console_put(fw, "\n");
		while (cut < left && string[cut] == ' ')
			cut++;
		string += cut;
		left -= cut;
	}
	console_bytes(fw, string, left);
	console_put(fw, "\n");
}

void console_colour(const struct firmware *fw, enum console_colour colour)
{
	static const UINT8 attribute[CONSOLE_COLOURS] = {
		[CONSOLE_PLAIN] = EFI_LIGHTGRAY,
		[CONSOLE_GOOD] = EFI_LIGHTGREEN,
		[CONSOLE_BAD] = EFI_YELLOW,
		[CONSOLE_GREEN] = EFI_WHITE | EFI_BACKGROUND_GREEN,
		[CONSOLE_YELLOW] = EFI_BLACK | EFI_BACKGROUND_BROWN,
		[CONSOLE_RED] = EFI_WHITE | EFI_BACKGROUND_RED,
	};
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = fw->table->ConOut;

	if (out)
		out->SetAttribute(out, attribute[colour]);
}

void console_ground(const struct firmware *fw, enum console_colour colour)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = fw->table->ConOut;

	console_colour(fw, colour);
	if (out)
		out->ClearScreen(out);
}

static void fill_row(const struct firmware *fw, size_t used)
{
	static const char blanks[] = "                                        ";
	const size_t most = sizeof(blanks) - 1;

	for (; used < CONSOLE_COLUMNS; used += most)
		console_bytes(fw, blanks,
		              CONSOLE_COLUMNS - used < most ? CONSOLE_COLUMNS - used : most);
}

void console_row(const struct firmware *fw, const char *bytes, size_t size, bool fill)
{
	const bool marked = size > 0 && (unsigned char)*bytes < CONSOLE_COLOURS;

	console_colour(fw, marked ? (enum console_colour) * bytes : CONSOLE_PLAIN);
	console_bytes(fw, bytes + marked, size - marked);
	if (fill || marked)
		fill_row(fw, size - marked);
	console_colour(fw, CONSOLE_PLAIN);
	console_put(fw, "\n");
}

void console_progress(const struct firmware *fw, const char *doing)
{
	console_put(fw, "\r");
	fill_row(fw, 0);
	console_put(fw, "\rNow ");
	console_put(fw, doing);
}

size_t console_rows(const struct firmware *fw)
{
	SIMPLE_TEXT_OUTPUT_INTERFACE *out = fw->table->ConOut;
	UINTN columns, rows;

	if (!out || !out->Mode ||
	    EFI_ERROR(out->QueryMode(out, (UINTN)out->Mode->Mode, &columns, &rows)) ||
	    rows < CONSOLE_ROWS_LEAST)
		return CONSOLE_ROWS_LEAST;
	return rows;
}

/* Returns 0 if no key was pressed. */
static char key_read(const struct firmware *fw)
{
	SIMPLE_INPUT_INTERFACE *in = fw->table->ConIn;
	EFI_INPUT_KEY key;

	/* Some firmware returns keys without a code, without end. */
	if (!in || EFI_ERROR(in->ReadKeyStroke(in, &key)) || (!key.UnicodeChar && !key.ScanCode))
		return 0;
	if (key.UnicodeChar >= L' ' && key.UnicodeChar <= L'~')
		return (char)key.UnicodeChar;
	return '?';
}

char console_key(const struct firmware *fw, uint32_t milliseconds)
{
	for (uint32_t waited = 0;; waited += KEY_POLL_MS) {
		const char key = key_read(fw);
		if (key || waited >= milliseconds)
			return key;
		fw->boot->Stall(KEY_POLL_MS * 1000);
	}
}
