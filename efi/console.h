/* SPDX-License-Identifier: MIT */
/*
 * console.h - writes ASCII to the firmware's console and reads keys from it.
 *
 * Only a text mode of 80 by 25 is sure, so rows have at most 79 columns.  A serial line shows the
 * same bytes.  A machine may have neither screen nor keyboard.
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "firmware.h"

#define CONSOLE_COLUMNS 79

/* Clears the screen to plain and forgets keys that were pressed before. */
void console_start(const struct firmware *fw);

/* Returns how many rows the screen has: the firmware's own text mode stays. */
size_t console_rows(const struct firmware *fw);

/* Writes size bytes.  LF begins a new line, CR goes back to the first column, others become '?'. */
void console_bytes(const struct firmware *fw, const char *bytes, size_t size);

/* Writes the characters before the NUL. */
void console_put(const struct firmware *fw, const char *string);

/* Writes a sentence and ends the line.  Rows are broken at spaces, after CONSOLE_COLUMNS at most.
 */
void console_sentence(const struct firmware *fw, const char *string);

/* Colours: of letters, and from CONSOLE_GREEN on of what is behind them. */
enum console_colour {
	CONSOLE_PLAIN,
	CONSOLE_GOOD,
	CONSOLE_BAD,
	CONSOLE_GREEN,
	CONSOLE_YELLOW,
	CONSOLE_RED,
	CONSOLE_COLOURS,
};

/* Sets the color of what is written next.  A console without colors ignores it. */
void console_colour(const struct firmware *fw, enum console_colour colour);

/* Clears the screen to a colour, which is also that of what is written next. */
void console_ground(const struct firmware *fw, enum console_colour colour);

/*
 * Writes a row, of which the first byte may be its colour, and ends it.  A plain row is filled with
 * blanks only if fill is set, one with a colour always.
 */
void console_row(const struct firmware *fw, const char *bytes, size_t size, bool fill);

/* Shows what begins now, in a row that the next such words or the next row replace. */
void console_progress(const struct firmware *fw, const char *doing);

/*
 * Returns the ASCII character of the next key, '?' for a key without one, or 0 if no key was
 * pressed within the time.
 */
char console_key(const struct firmware *fw, uint32_t milliseconds);

#endif
