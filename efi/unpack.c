/* SPDX-License-Identifier: MIT */
/*
 * This runs before the probe has any data: it must be code alone, without constants in memory.
 */
#include "unpack.h"

/* What is told lies between LOW and HIGH; the bits that both share are no longer needed. */
struct unpacking {
	const uint8_t *next, *end;
	uint32_t low, high, value;
};

void packed_start(struct packed_models *m)
{
	packed_model *model = (packed_model *)m;

	for (size_t i = 0; i < sizeof(*m) / sizeof(*model); i++)
		model[i] = 1 << 15;
}

void packed_learn(packed_model *model, bool bit)
{
	if (bit)
		*model = (packed_model)(*model - (*model >> 4));
	else
		*model = (packed_model)(*model + ((UINT16_MAX - *model) >> 4));
}

static void take_byte(struct unpacking *u)
{
	u->value = u->value << 8 | (u->next < u->end ? *u->next++ : 0);
}

static bool take(struct unpacking *u, packed_model *model)
{
	const uint32_t middle = u->low + (uint32_t)((uint64_t)(u->high - u->low) * *model >> 16);
	const bool bit = u->value > middle;

	if (bit)
		u->low = middle + 1;
	else
		u->high = middle;
	packed_learn(model, bit);
	while (((u->low ^ u->high) >> 24) == 0) {
		u->low <<= 8;
		u->high = u->high << 8 | 0xff;
		take_byte(u);
	}
	return bit;
}

/* Returns a number of BITS bits, whose models are a tree. */
static uint32_t take_tree(struct unpacking *u, packed_model *models, int bits)
{
	uint32_t node = 1;

	for (int i = 0; i < bits; i++)
		node = node << 1 | take(u, &models[node]);
	return node - (1U << bits);
}

static uint32_t take_number(struct unpacking *u, struct packed_number *n)
{
	const uint32_t place = take_tree(u, n->place, 5);
	uint32_t number = 1;

	for (uint32_t left = place; left > 0; left--) {
		const bool upper = number < 4;
		number = number << 1 |
		         take(u, upper ? &n->upper[place][number] : &n->lower[place][left]);
	}
	return number;
}

bool unpack(uint8_t *to, size_t size, const uint8_t *packed, size_t packed_size)
{
	struct unpacking u = { .next = packed, .end = packed + packed_size, .high = UINT32_MAX };
	struct packed_models m;
	size_t at = 0, distance = 0;
	bool copy = false;

	packed_start(&m);
	for (int i = 0; i < 4; i++)
		take_byte(&u);
	while (at < size) {
		const bool copied = copy;
		copy = take(&u, &m.copy[copied]);
		if (!copy) {
			const size_t before = at > 0 ? to[at - 1] >> 6 : 0;
			to[at++] = (uint8_t)take_tree(&u, m.byte[before], 8);
			continue;
		}
		const bool again = take(&u, &m.again[copied]);
		if (!again)
			distance = take_number(&u, &m.distance);
		size_t length = take_number(&u, &m.length[again]) + !again;
		if (distance == 0 || distance > at || length - 1 >= size - at)
			return false;
		for (; length > 0; length--, at++)
			to[at] = to[at - distance];
	}
	return true;
}
