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

/* Clears the screen and forgets keys that were pressed before. */
void console_start(const struct firmware *fw);

/* Writes size bytes.  LF begins a new line, CR goes back to the first column, others become '?'. */
void console_bytes(const struct firmware *fw, const char *bytes, size_t size);

/* Writes the characters before the NUL. */
void console_put(const struct firmware *fw, const char *string);

/* Writes a sentence and ends the line.  Rows are broken at spaces, after CONSOLE_COLUMNS at most.
 */
void console_sentence(const struct firmware *fw, const char *string);

/* Sets the color of what is written next.  A console without colors ignores it. */
enum console_colour { CONSOLE_PLAIN, CONSOLE_GOOD, CONSOLE_BAD };
void console_colour(const struct firmware *fw, enum console_colour colour);

/*
 * Returns the ASCII character of the next key, '?' for a key without one, or 0 if no key was
 * pressed within the time.
 */
char console_key(const struct firmware *fw, uint32_t milliseconds);

#endif
