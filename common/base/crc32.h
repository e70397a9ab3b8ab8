/* SPDX-License-Identifier: MIT */
/*
 * crc32.h - the CRC-32 of RFC 1952, section 8.
 *
 * It finds transmission errors.  It does not protect against deliberate changes.
 */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Returns the CRC of all bytes so far.  crc is 0 for the first call, then the last result. */
uint32_t crc32_more(uint32_t crc, const char *bytes, size_t size);

#endif
