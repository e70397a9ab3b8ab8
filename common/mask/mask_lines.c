/* SPDX-License-Identifier: MIT */
#include "mask/mask_lines.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "fleet/array.h"
#include "table/feature_names.h"

/* The lines for one register and suffix, or of one name, as they are kept. */
struct register_key {
	size_t first, last; /* by index */
	uint32_t key[4];
};

struct name_key {
	size_t first;
	char key[MASK_NAME_MAX + 1];
};

void mask_lines_free(struct mask_lines *lines)
{
	intern_free(&lines->by_register);
	intern_free(&lines->by_name);
	free(lines->at);
	free(lines->name);
	free(lines->setting);
	*lines = (struct mask_lines){ .count = 0 };
}

static struct register_key register_key(const struct place *at, enum mask_vendor vendor, size_t i)
{
	return (struct register_key){ i, i, { at->leaf, at->subleaf, at->reg, vendor } };
}

static bool link_registers(struct mask_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		struct mask_line *l = &lines->at[i];
		const struct register_key key = register_key(&l->at, l->vendor, i);
		struct register_key *kept = intern_keep(&lines->by_register, &key, sizeof(key),
		                                        offsetof(struct register_key, key));

		if (!kept)
			return false;
		l->first = kept->first;
		l->next = 0;
		if (kept->last != i)
			lines->at[kept->last].next = i;
		kept->last = i;
	}
	return true;
}

/* To find what a name means takes long, so that a repeated one is not looked for again. */
struct mask_named *mask_lines_add_name(struct mask_lines *lines, const char *name, size_t size)
{
	struct mask_named *more = array_room(lines->name, lines->names, sizeof(*more));
	struct name_key key = { .first = lines->names };

	if (!more)
		return NULL;
	lines->name = more;
	for (size_t i = 0; i < size && name[i]; i++)
		key.key[i] = ascii_lower(name[i]);
	const struct name_key *kept =
		intern_keep(&lines->by_name, &key, sizeof(key), offsetof(struct name_key, key));
	if (!kept)
		return NULL;
	struct mask_named *n = &lines->name[lines->names++];
	*n = (struct mask_named){ .first = kept->first };
	/* Others keep the spelling of the file. */
	if (&lines->name[n->first] < n && lines->name[n->first].of.kind != MASK_NAMED_OTHER)
		n->of = lines->name[n->first].of;
	else
		mask_capability_find(&n->of, name, size);
	return n;
}

const struct mask_line *mask_line_first(const struct mask_lines *lines, const struct place *at,
                                        enum mask_vendor vendor)
{
	const struct register_key key = register_key(at, vendor, 0);
	const struct register_key *kept;

	if (!lines->count)
		return NULL;
	kept = intern_find(&lines->by_register, &key, sizeof(key),
	                   offsetof(struct register_key, key));
	return kept ? &lines->at[kept->first] : NULL;
}

const struct mask_line *mask_line_next(const struct mask_lines *lines, const struct mask_line *l)
{
	return l->next ? &lines->at[l->next] : NULL;
}

const struct mask_line *mask_line_earlier(const struct mask_lines *lines, const struct mask_line *l)
{
	const struct mask_line *first = &lines->at[l->first];

	return first < l ? first : NULL;
}

const struct mask_named *mask_named_earlier(const struct mask_lines *lines,
                                            const struct mask_named *n)
{
	const struct mask_named *first = &lines->name[n->first];

	return first < n ? first : NULL;
}

/* What register lines say of all rows, on hosts of any vendor. */
static void sum_registers(struct mask_lines *lines)
{
	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const uint32_t mask = feature_mask((enum feature_id)i);
		const struct place at = feature_place((enum feature_id)i);

		for (unsigned v = 0; v < MASK_VENDORS; v++)
			for (const struct mask_line *l = mask_line_first(lines, &at, v); l;
			     l = mask_line_next(lines, l)) {
				lines->said[i].hidden |= !(mask & ~mask_line_hidden(l));
				lines->said[i].shown |= (mask & mask_line_forced(l)) != 0;
			}
	}
}

/* What featMask lines say of all rows. */
static void sum_names(struct mask_lines *lines)
{
	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++)
		for (size_t i = 0; i < n->of.ids; i++) {
			struct mask_said *said = &lines->said[n->of.id[i]];

			said->named = true;
			said->hidden |= mask_named_hides(n);
			said->shown |= mask_named_shows(n);
		}
}

/* Returns the highest leaf that a guest can see of a range, whose highest leaf is in id. */
static uint32_t find_last(const struct mask_lines *lines, enum feature_id id)
{
	const struct place at = feature_place(id);
	uint32_t last = UINT32_MAX;

	for (const struct mask_line *l = mask_line_first(lines, &at, MASK_ANY); l;
	     l = mask_line_next(lines, l))
		last &= ~mask_line_hidden(l);
	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++)
		if (mask_capability_has(&n->of, id) && n->value.op != MASK_MIN &&
		    n->value.number < last)
			last = (uint32_t)n->value.number;
	return last;
}

bool mask_lines_link(struct mask_lines *lines)
{
	if (!link_registers(lines))
		return false;
	sum_registers(lines);
	sum_names(lines);
	lines->last[0] = find_last(lines, F_NUMLEVELS);
	lines->last[1] = find_last(lines, F_NUM_EXT_LEVELS);
	return true;
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
	return lines->complete && features[id].low == features[id].high &&
	       *feature_named(id, NAMED_CAPABILITY) && !lines->said[id].named;
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

bool mask_lines_hide(const struct mask_lines *lines, enum feature_id id)
{
	return lines->said[id].hidden || mask_lines_omit(lines, id) || mask_lines_above(lines, id);
}

bool mask_lines_above(const struct mask_lines *lines, enum feature_id id)
{
	const uint32_t leaf = feature_leaf(&features[id]), range = leaf & 0xf0000000;

	return (range == 0 || range == 0x80000000) && leaf > mask_lines_last(lines, range);
}

uint32_t mask_lines_last(const struct mask_lines *lines, uint32_t range)
{
	return lines->last[range != 0];
}
