/* SPDX-License-Identifier: MIT */
#include "fleet/array.h"

#include <stdint.h>
#include <stdlib.h>

void *array_room(void *at, size_t count, size_t size)
{
	const size_t room = count ? 2 * count : 1;

	/* It is full whenever count is a power of two, or 0. */
	if (count & (count - 1))
		return at;
	if (room > SIZE_MAX / 2 / size)
		return NULL;
	return realloc(at, room * size);
}
