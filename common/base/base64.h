/* SPDX-License-Identifier: MIT */
/*
 * base64.h - writes and reads base64 as in RFC 4648, with padding.
 */
#ifndef BASE64_H
#define BASE64_H

#include "base/text.h"

/* Appends size bytes as base64. */
void base64_write(struct text *t, const uint8_t *bytes, size_t size);

/*
 * Reads exactly size bytes from length characters.  Returns false if length is wrong for size, if
 * a character is not a base64 one, or if unused bits of the last one are set.
 */
bool base64_read(uint8_t *bytes, size_t size, const char *text, size_t length);

#endif
