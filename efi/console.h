/* SPDX-License-Identifier: MIT */
/*
 * console.h - ASCII out, keys in, on whatever the firmware calls its console.
 *
 * Only an 80 by 25 text mode is taken for granted, so lines are kept to 79 columns; the same bytes
 * are readable over a serial line.  A machine may have neither screen nor keyboard.
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

/* Writes size bytes; LF begins a new line, CR goes back to the first column. */
void console_bytes(const struct firmware *fw, const char *bytes, size_t size);

/* Writes the characters before the NUL. */
void console_put(const struct firmware *fw, const char *string);

/* Writes a sentence as lines of at most CONSOLE_COLUMNS, broken at spaces. */
void console_sentence(const struct firmware *fw, const char *string);

/* What a sentence means, where the console has colours; others are not told apart. */
enum console_colour { CONSOLE_PLAIN, CONSOLE_GOOD, CONSOLE_BAD };
void console_colour(const struct firmware *fw, enum console_colour colour);

/*
 * Waits for a key, at most milliseconds.  Returns the key's ASCII character, '?' for a key without
 * one, or 0 if none was pressed.
 */
char console_key(const struct firmware *fw, uint32_t milliseconds);

#endif
