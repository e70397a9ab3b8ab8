/* SPDX-License-Identifier: MIT */
/*
 * array.h - arrays that grow, for the rooms that only the workstation uses.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>

/*
 * Returns an array of count elements of so many bytes with room for one more, which is not zeroed:
 * at itself, or what it was moved to.  NULL, and at is as before, if there is no memory.  An empty
 * array is NULL at first; free() ends it.
 */
void *array_room(void *at, size_t count, size_t size);

#endif
