/* SPDX-License-Identifier: MIT */
/*
 * crc32.h - the CRC-32 of RFC 1952, section 8, for what wires damage; it stops no forger.
 */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Returns the CRC of all bytes so far: crc is 0 at first, then what was returned before. */
uint32_t crc32_more(uint32_t crc, const char *bytes, size_t size);

#endif
