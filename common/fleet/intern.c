/* SPDX-License-Identifier: MIT */
#include "fleet/intern.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 8

/* Multiplies by an odd number near 2^64 divided by the golden ratio, and folds the high bits. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t hash_of(const uint8_t *at, size_t size)
{
	uint64_t hash = size, word;

	for (; size >= sizeof(word); size -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = mix(hash, word);
	}
	for (; size; size--)
		hash = mix(hash, *at++);
	return mix(hash, 0);
}

/* Returns the slot of an object, or the empty one where it belongs. */
static struct intern_slot *find(const struct intern *t, uint64_t hash, const void *object,
                                size_t size, size_t skip)
{
	size_t i = (size_t)hash & (t->room - 1);

	while (t->slot[i].at) {
		const struct intern_slot *s = &t->slot[i];

		if (s->hash == hash && s->size == size &&
		    memcmp((const char *)s->at + skip, (const char *)object + skip, size - skip) ==
		            0)
			break;
		i = (i + 1) & (t->room - 1);
	}
	return &t->slot[i];
}

/* A quarter of the slots and more are empty. */
static int grow(struct intern *t)
{
	const struct intern old = *t;
	const size_t room = old.room ? 2 * old.room : ROOM_MIN;

	if (old.room && old.count < old.room / 4 * 3)
		return 1;
	struct intern_slot *slot = calloc(room, sizeof(*slot));
	if (!slot)
		return 0;
	*t = (struct intern){ old.count, room, slot };
	for (size_t n = 0; n < old.room; n++) {
		size_t i = (size_t)old.slot[n].hash & (room - 1);

		if (!old.slot[n].at)
			continue;
		while (slot[i].at)
			i = (i + 1) & (room - 1);
		slot[i] = old.slot[n];
	}
	free(old.slot);
	return 1;
}

void *intern_keep(struct intern *t, const void *object, size_t size, size_t skip)
{
	if (!grow(t))
		return NULL;
	const uint64_t hash = hash_of((const uint8_t *)object + skip, size - skip);
	struct intern_slot *s = find(t, hash, object, size, skip);

	if (s->at)
		return s->at;
	void *copy = malloc(size);
	if (!copy)
		return NULL;
	memcpy(copy, object, size);
	*s = (struct intern_slot){ hash, size, copy };
	t->count++;
	return copy;
}

void *intern_find(const struct intern *t, const void *object, size_t size, size_t skip)
{
	if (t->room == 0)
		return NULL;
	return find(t, hash_of((const uint8_t *)object + skip, size - skip), object, size, skip)
	        ->at;
}

void intern_free(struct intern *t)
{
	for (size_t i = 0; i < t->room; i++)
		free(t->slot[i].at);
	free(t->slot);
	*t = (struct intern){ .count = 0 };
}
