/* SPDX-License-Identifier: MIT */
#include "pack.h"

#include <stdlib.h>

#include "unpack.h"

/* The way through the bytes is looked for anew with the models that the last one led to. */
#define PASSES 4

/* Copies of each length up to this are tried, and of longer ones the longest only. */
#define EACH_LENGTH 48

/* Longer ones are several copies, so that a long run does not take for ever. */
#define LONGEST 256

/* Likelihoods of so many bits have their cost in a table, in 256ths of a bit. */
#define COST_BITS 12

/* The cheapest way to a place, and its last step: a copy of LENGTH bytes, or a byte if it is 0. */
struct place {
	uint64_t cost;
	uint32_t length, distance;
	/* Of the last copy on the way. */
	uint32_t last;
};

struct packing {
	const uint8_t *from;
	size_t size;
	struct place *places;
	/* For each place the last one before it that has the same two bytes, or NONE. */
	uint32_t *earlier;
	uint16_t costs[1 << COST_BITS];
	struct packed_models models;

	/* Bits are either put, by the coder of unpack.c, or only their cost added up. */
	bool put;
	uint64_t cost;
	uint32_t low, high;
	uint8_t *packed;
	size_t room, used;
};

#define NONE UINT32_MAX

/* -log2: what is before the point by doubling, and each bit after it by squaring. */
static uint16_t cost_of(uint64_t likely, int point)
{
	const uint64_t one = 1ULL << point;
	unsigned cost = 0, below = 0;

	for (; likely < one; likely <<= 1)
		cost += 256;
	for (int bit = 0; bit < 8; bit++) {
		likely = likely * likely >> point;
		below <<= 1;
		if (likely >= 2 * one) {
			likely >>= 1;
			below |= 1;
		}
	}
	return (uint16_t)(cost - below);
}

static void put_byte(struct packing *p, uint32_t byte)
{
	if (p->used < p->room)
		p->packed[p->used] = (uint8_t)byte;
	p->used++;
}

static void put_bit(struct packing *p, packed_model *model, bool bit)
{
	const uint32_t middle = p->low + (uint32_t)((uint64_t)(p->high - p->low) * *model >> 16);

	if (bit)
		p->low = middle + 1;
	else
		p->high = middle;
	packed_learn(model, bit);
	for (; ((p->low ^ p->high) >> 24) == 0; p->low <<= 8, p->high = p->high << 8 | 0xff)
		put_byte(p, p->high >> 24);
}

/* Bytes that are missing count as 0, so that one is enough to get above LOW. */
static void put_end(struct packing *p)
{
	put_byte(p, (p->low >> 24) + 1);
}

static void tell(struct packing *p, packed_model *model, bool bit)
{
	if (p->put)
		put_bit(p, model, bit);
	else
		p->cost += p->costs[(bit ? UINT16_MAX - *model : *model) >> (16 - COST_BITS)];
}

static void tell_tree(struct packing *p, packed_model *models, int bits, uint32_t number)
{
	uint32_t node = 1;

	while (bits-- > 0) {
		const bool bit = number >> bits & 1;
		tell(p, &models[node], bit);
		node = node << 1 | bit;
	}
}

static void tell_number(struct packing *p, struct packed_number *n, uint32_t number)
{
	uint32_t place = 0;

	while (number >> place > 1)
		place++;
	tell_tree(p, n->place, 5, place);
	for (uint32_t left = place; left > 0; left--) {
		const uint32_t before = number >> left;
		tell(p, before < 4 ? &n->upper[place][before] : &n->lower[place][left],
		     number >> (left - 1) & 1);
	}
}

static void tell_byte(struct packing *p, size_t at, bool copied)
{
	const size_t before = at > 0 ? p->from[at - 1] >> 6 : 0;

	tell(p, &p->models.copy[copied], false);
	tell_tree(p, p->models.byte[before], 8, p->from[at]);
}

static void tell_copy(struct packing *p, bool copied, uint32_t last, uint32_t distance,
                      uint32_t length)
{
	const bool again = distance == last;

	tell(p, &p->models.copy[copied], true);
	tell(p, &p->models.again[copied], again);
	if (!again)
		tell_number(p, &p->models.distance, distance);
	tell_number(p, &p->models.length[again], length - !again);
}

/* Keeps what was added to the cost as a step from AT, if that is the cheapest way so far. */
static void step(struct packing *p, size_t at, uint32_t length, uint32_t distance)
{
	struct place *to = &p->places[at + (length > 0 ? length : 1)];
	const uint64_t cost = p->places[at].cost + p->cost;

	p->cost = 0;
	if (cost < to->cost)
		*to = (struct place){ cost, length, distance,
			              length > 0 ? distance : p->places[at].last };
}

static uint32_t longest_from(const struct packing *p, size_t at)
{
	return p->size - at < LONGEST ? (uint32_t)(p->size - at) : LONGEST;
}

/* Returns how many bytes at AT are the same as those DISTANCE before. */
static uint32_t same(const struct packing *p, size_t at, uint32_t distance)
{
	const uint32_t most = longest_from(p, at);
	uint32_t length = 0;

	while (length < most && p->from[at + length] == p->from[at + length - distance])
		length++;
	return length;
}

static void step_copies(struct packing *p, size_t at, uint32_t distance, uint32_t from, uint32_t to)
{
	const struct place *here = &p->places[at];

	for (uint32_t length = from; length <= to; length++) {
		if (length > EACH_LENGTH)
			length = to;
		tell_copy(p, here->length > 0, here->last, distance, length);
		step(p, at, length, distance);
	}
}

/* Tries all steps from AT.  Of copies with one length the nearest is the cheapest. */
static void step_from(struct packing *p, size_t at)
{
	const uint32_t last = p->places[at].last;
	const uint32_t most = longest_from(p, at);
	uint32_t longest = 1;

	tell_byte(p, at, p->places[at].length > 0);
	step(p, at, 0, 0);
	if (last > 0)
		step_copies(p, at, last, 1, same(p, at, last));
	for (uint32_t i = p->earlier[at]; i != NONE && longest < most; i = p->earlier[i]) {
		const uint32_t distance = (uint32_t)at - i, length = same(p, at, distance);
		if (length <= longest)
			continue;
		if (distance != last)
			step_copies(p, at, distance, longest + 1, length);
		longest = length;
	}
}

static void find_earlier(struct packing *p, uint32_t latest[static 1 << 16])
{
	for (size_t i = 0; i < 1 << 16; i++)
		latest[i] = NONE;
	for (size_t at = 0; at < p->size; at++) {
		uint32_t *with;
		p->earlier[at] = NONE;
		if (at + 1 == p->size)
			break;
		with = &latest[p->from[at] << 8 | p->from[at + 1]];
		p->earlier[at] = *with;
		*with = (uint32_t)at;
	}
}

/* Makes the places on the cheapest way, whose steps lead to them, lead from them. */
static void turn_around(struct packing *p)
{
	struct place step = p->places[p->size];

	for (size_t at = p->size; at > 0;) {
		at -= step.length > 0 ? step.length : 1;
		const struct place before = p->places[at];
		p->places[at] = step;
		step = before;
	}
}

static void put_all(struct packing *p)
{
	uint32_t last = 0, length;
	bool copied = false;

	packed_start(&p->models);
	p->put = true;
	p->low = 0;
	p->high = UINT32_MAX;
	p->used = 0;
	for (size_t at = 0; at<p->size; at += length> 0 ? length : 1) {
		const struct place *next = &p->places[at];
		length = next->length;
		if (length > 0)
			tell_copy(p, copied, last, next->distance, length);
		else
			tell_byte(p, at, copied);
		copied = length > 0;
		last = next->last;
	}
	put_end(p);
	p->put = false;
}

static void find_way(struct packing *p)
{
	for (size_t at = 1; at <= p->size; at++)
		p->places[at].cost = UINT64_MAX;
	p->places[0] = (struct place){ 0 };
	for (size_t at = 0; at < p->size; at++)
		step_from(p, at);
	turn_around(p);
}

size_t pack(uint8_t *packed, size_t room, const uint8_t *from, size_t size)
{
	struct packing *p = calloc(1, sizeof(*p));
	uint32_t *latest = calloc(1 << 16, sizeof(*latest));
	size_t used = 0;

	if (!p || !latest || size > PACK_MAX)
		goto out;
	*p = (struct packing){ .from = from, .size = size, .packed = packed, .room = room };
	p->places = calloc(size + 1, sizeof(*p->places));
	p->earlier = calloc(size + 1, sizeof(*p->earlier));
	if (!p->places || !p->earlier)
		goto out;
	for (uint32_t i = 0; i < 1 << COST_BITS; i++)
		p->costs[i] = cost_of(2 * i + 1, COST_BITS + 1);
	find_earlier(p, latest);
	packed_start(&p->models);
	for (int pass = 0; pass < PASSES; pass++) {
		find_way(p);
		put_all(p);
	}
	if (p->used <= room)
		used = p->used;
out:
	if (p) {
		free(p->places);
		free(p->earlier);
	}
	free(p);
	free(latest);
	return used;
}
