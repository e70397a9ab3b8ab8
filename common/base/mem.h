/* SPDX-License-Identifier: MIT */
/*
 * mem.h - the four functions that common/ takes from its surroundings.
 *
 * A C library has them; in firmware efi/mem.c does.  A freestanding compiler may call them by
 * itself, so they are the whole of what common/ may leave undefined.
 */
#ifndef MEM_H
#define MEM_H

#include <stddef.h>

int memcmp(const void *a, const void *b, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *at, int byte, size_t size);

#endif
