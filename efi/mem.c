/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdint.h>

/*
 * String instructions instead of loops: a compiler may turn a copying loop into a call of memcpy,
 * which would then call itself.
 */
void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	void *at = to;

	__asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
	return to;
}

void *memset(void *at, int byte, size_t size)
{
	void *to = at;

	__asm__ volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(byte) : "memory");
	return at;
}

void *memmove(void *to, const void *from, size_t size)
{
	if ((uintptr_t)to - (uintptr_t)from >= size)
		return memcpy(to, from, size);

	/* The target begins within the source: last byte first.  Volatile for the reason above. */
	volatile unsigned char *at = to;
	const unsigned char *source = from;
	while (size--)
		at[size] = source[size];
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *p = a, *q = b;

	for (size_t i = 0; i < size; i++)
		if (p[i] != q[i])
			return p[i] < q[i] ? -1 : 1;
	return 0;
}
