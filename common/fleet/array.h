/* SPDX-License-Identifier: MIT */
/*
 * array.h - arrays that grow, for the rooms that only the workstation uses.
 */
#ifndef ARRAY_H
#define ARRAY_H

#include <stddef.h>

/*
 * Returns the array at, which has count elements of size bytes, with room for one more: at itself
 * or where it was moved to.  The room is not zeroed.  Returns NULL and leaves at unchanged if there
 * is no memory.  An array begins as NULL with count 0; the caller frees it.
 */
void *array_room(void *at, size_t count, size_t size);

#endif
