/* SPDX-License-Identifier: MIT */
/*
 * intern.h - keeps equal objects once: memory grows with the number of different ones.
 */
#ifndef INTERN_H
#define INTERN_H

#include <stddef.h>
#include <stdint.h>

/* Zero is an empty one.  The objects are at slot[].at, where it is not NULL, in no order. */
struct intern {
	size_t count, room;
	struct intern_slot {
		uint64_t hash;
		size_t size;
		void *at; /* from malloc; does not move */
	} * slot;         /* room of them, a power of two */
};

/*
 * Returns the kept object that has the same bytes from skip to size, which is a copy of this one if
 * there was none before.  NULL: no memory.
 */
void *intern_keep(struct intern *t, const void *object, size_t size, size_t skip);

/* Returns the kept object that intern_keep would return, or NULL if there is none. */
void *intern_find(const struct intern *t, const void *object, size_t size, size_t skip);

/* Frees all objects.  *t is empty then. */
void intern_free(struct intern *t);

#endif
