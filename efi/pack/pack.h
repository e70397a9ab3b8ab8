/* SPDX-License-Identifier: MIT */
/*
 * pack.h - packs bytes for unpack.h.
 */
#ifndef PACK_H
#define PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that can be packed, in bytes. */
#define PACK_MAX (1 << 20)

/*
 * Packs SIZE bytes, at most PACK_MAX.  Returns how many bytes it put into PACKED, or 0 if ROOM is
 * too small for them, or if there is no memory.
 */
size_t pack(uint8_t *packed, size_t room, const uint8_t *from, size_t size);

#endif
