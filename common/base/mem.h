/* SPDX-License-Identifier: MIT */
/*
 * mem.h - the four functions that the freestanding part of common/ does not define itself.
 *
 * The C library has them; in firmware efi/mem.c does.  The compiler may insert calls of them, so
 * they cannot be avoided.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);

#endif
