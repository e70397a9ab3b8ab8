/* SPDX-License-Identifier: MIT */
#include "mask/mask_lines.h"

#include <stdlib.h>

#include "table/feature_names.h"

void mask_lines_free(struct mask_lines *lines)
{
	free(lines->at);
	free(lines->name);
	free(lines->setting);
	*lines = (struct mask_lines){ .count = 0 };
}

size_t mask_lines_understood(const struct mask_lines *lines)
{
	size_t count = lines->count + lines->settings + (lines->complete != 0);

	for (size_t i = 0; i < lines->names; i++)
		count += lines->name[i].of.kind < MASK_NAMED_UNKNOWN;
	return count;
}

bool mask_lines_omit(const struct mask_lines *lines, enum feature_id id)
{
	if (!lines->complete || features[id].low != features[id].high ||
	    !*feature_named(id, NAMED_CAPABILITY))
		return false;
	for (size_t i = 0; i < lines->names; i++)
		if (mask_capability_has(&lines->name[i].of, id))
			return false;
	return true;
}

/* Returns the bits of a line whose character is in set. */
static uint32_t bits_of(const struct mask_line *l, const char *set)
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < MASK_BITS; i++)
		for (const char *c = set; *c; c++)
			bits |= (uint32_t)(l->bit[i] == *c) << i;
	return bits;
}

uint32_t mask_line_hidden(const struct mask_line *l)
{
	return bits_of(l, "0FR");
}

uint32_t mask_line_forced(const struct mask_line *l)
{
	return bits_of(l, "1T");
}

bool mask_line_spoofs(const struct mask_line *l)
{
	const uint32_t leaf = l->at.leaf;
	const bool vendor = leaf == 0 && l->at.reg != EAX;
	const bool signature = leaf == 1 && l->at.reg == EAX;
	const bool brand = leaf >= 0x80000002 && leaf <= 0x80000004;

	return (vendor || signature || brand) && mask_line_forced(l);
}

bool mask_line_same(const struct mask_line *a, const struct mask_line *b)
{
	return place_same_register(&a->at, &b->at) && a->vendor == b->vendor;
}

const struct mask_line *mask_line_earlier(const struct mask_lines *lines, const struct mask_line *l)
{
	for (const struct mask_line *o = lines->at; o < l; o++)
		if (mask_line_same(o, l))
			return o;
	return NULL;
}

/* True if some register line hides all bits of a row, on hosts of any vendor. */
static bool registers_hide(const struct mask_lines *lines, enum feature_id id)
{
	const struct place at = feature_place(id);

	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		if (place_same_register(&l->at, &at) && !(feature_mask(id) & ~mask_line_hidden(l)))
			return true;
	return false;
}

bool mask_lines_hide(const struct mask_lines *lines, enum feature_id id)
{
	if (registers_hide(lines, id) || mask_lines_omit(lines, id))
		return true;
	for (size_t i = 0; i < lines->names; i++)
		if (mask_named_hides(&lines->name[i]) &&
		    mask_capability_has(&lines->name[i].of, id))
			return true;
	return mask_lines_above(lines, id);
}

bool mask_lines_above(const struct mask_lines *lines, enum feature_id id)
{
	const uint32_t leaf = feature_leaf(&features[id]), range = leaf & 0xf0000000;

	return (range == 0 || range == 0x80000000) && leaf > mask_lines_last(lines, range);
}

uint32_t mask_lines_last(const struct mask_lines *lines, uint32_t range)
{
	const enum feature_id id = range ? F_NUM_EXT_LEVELS : F_NUMLEVELS;
	const struct place at = feature_place(id);
	uint32_t last = UINT32_MAX;

	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++)
		if (l->vendor == MASK_ANY && place_same_register(&l->at, &at))
			last &= ~mask_line_hidden(l);
	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++)
		if (mask_capability_has(&n->of, id) && n->value.op != MASK_MIN &&
		    n->value.number < last)
			last = (uint32_t)n->value.number;
	return last;
}
