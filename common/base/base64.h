/* SPDX-License-Identifier: MIT */
/*
 * base64.h - bytes as RFC 4648 base64 with padding, the only spelling that is read back.
 */
#ifndef BASE64_H
#define BASE64_H

#include "base/text.h"

void base64_write(struct text *t, const uint8_t *bytes, size_t size);

/*
 * Reads exactly size bytes from length characters.  Returns false if length does not fit size, a
 * character is none of base64's, or unused bits of the last one are set.
 */
bool base64_read(uint8_t *bytes, size_t size, const char *text, size_t length);

#endif
