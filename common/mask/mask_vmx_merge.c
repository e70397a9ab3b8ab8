/* SPDX-License-Identifier: MIT */
#include "mask/mask_vmx_merge.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "fleet/array.h"
#include "table/feature_names.h"

void mask_merge_start(struct mask_merge *m)
{
	*m = (struct mask_merge){ .count = 0 };
}

void mask_merge_free(struct mask_merge *m)
{
	intern_free(&m->by_register);
	intern_free(&m->by_name);
	free(m->at);
	free(m->name);
	mask_merge_start(m);
}

/* Where the entry of a register, or of a name, is. */
struct merge_at {
	size_t index;
	union {
		uint32_t at[3];
		char name[MASK_NAME_MAX + 1];
	} key;
};

/* Returns the index that is kept for a key: its own, if the key is new.  NULL: no memory. */
static const size_t *keep(struct intern *t, const struct merge_at *key, size_t size)
{
	const struct merge_at *kept = intern_keep(t, key, offsetof(struct merge_at, key) + size,
	                                          offsetof(struct merge_at, key));

	return kept ? &kept->index : NULL;
}

static struct merge_at register_key(size_t index, const struct place *at)
{
	return (struct merge_at){ index, { .at = { at->leaf, at->subleaf, at->reg } } };
}

/* Returns the entry of a register, or NULL. */
static struct mask_merge_register *find(const struct mask_merge *m, const struct place *at)
{
	const size_t skip = offsetof(struct merge_at, key);
	const struct merge_at key = register_key(0, at), *kept;

	kept = intern_find(&m->by_register, &key, skip + sizeof(key.key.at), skip);
	return kept ? &m->at[kept->index] : NULL;
}

/* Returns the entry of a register, and adds it if there is none.  NULL: no memory. */
static struct mask_merge_register *find_or_add(struct mask_merge *m, const struct place *at)
{
	const struct merge_at key = register_key(m->count, at);
	struct mask_merge_register *more = array_room(m->at, m->count, sizeof(*more));

	if (!more)
		return NULL;
	m->at = more;
	const size_t *index = keep(&m->by_register, &key, sizeof(key.key.at));
	if (!index || *index < m->count)
		return index ? &m->at[*index] : NULL;
	struct mask_merge_register *r = &m->at[m->count++];
	*r = (struct mask_merge_register){ place_register(at->leaf, at->subleaf, at->reg),
		                           .hide = { 0 } };
	return r;
}

/* Adds a line to what its file says of the register. */
static void add_line(struct mask_merge_register *own, const struct mask_line *l)
{
	own->stated[l->vendor] = true;
	own->hide[l->vendor] |= mask_line_hidden(l);
	own->force[l->vendor] |= mask_line_forced(l);
}

/* Adds to *sum what a file says of a register, for the hosts of each vendor. */
static void add_register(struct mask_merge_register *sum, const struct mask_merge_register *own)
{
	for (unsigned v = 0; v < MASK_VENDORS; v++) {
		const unsigned from = own->stated[v] ? v : MASK_ANY;

		sum->stated[v] |= own->stated[v];
		sum->hide[v] |= own->hide[from];
		sum->force[v] |= own->force[from];
	}
}

static bool add_registers(struct mask_merge *m, const struct mask_lines *lines)
{
	const struct mask_line *const end = lines->at + lines->count;
	struct mask_merge_register *own;

	for (const struct mask_line *l = lines->at; l < end; l++)
		if (!mask_line_spoofs(l) && !find_or_add(m, &l->at))
			return false;
	own = calloc(m->count + 1, sizeof(*own));
	if (!own)
		return false;
	for (const struct mask_line *l = lines->at; l < end; l++)
		if (!mask_line_spoofs(l))
			add_line(&own[find(m, &l->at) - m->at], l);
	for (size_t i = 0; i < m->count; i++)
		add_register(&m->at[i], &own[i]);
	free(own);
	return true;
}

bool mask_merge_takes(const struct mask_named *n)
{
	switch (n->of.kind) {
	case MASK_NAMED_BIT:
	case MASK_NAMED_UNKNOWN:
		return n->value.op == MASK_MAX || (n->value.op == MASK_VAL && !n->value.number);
	case MASK_NAMED_NUMBER:
		return features[n->of.id[0]].rule == RULE_MIN && n->value.op != MASK_MIN;
	case MASK_NAMED_VENDOR:
	case MASK_NAMED_OTHER:
		break;
	}
	return false;
}

/* Lowers what a guest sees of a capability.  Returns false if there is no memory. */
static bool lower(struct mask_merge *m, const struct mask_capability *of, uint64_t most)
{
	struct merge_at key = { .index = m->names, .key.name = "" };
	struct mask_merge_name *more = array_room(m->name, m->names, sizeof(*more));

	if (!more)
		return false;
	m->name = more;
	strcpy(key.key.name, of->name);
	const size_t *index = keep(&m->by_name, &key, sizeof(key.key));
	if (!index)
		return false;
	if (*index == m->names)
		m->name[m->names++] = (struct mask_merge_name){ *of, most };
	else if (most < m->name[*index].most)
		m->name[*index].most = most;
	return true;
}

/* Lowers to 0 the first capability of a row that completeMasks omits. */
static bool add_omitted(struct mask_merge *m, const struct mask_lines *lines, enum feature_id id)
{
	const char *names = feature_named(id, NAMED_CAPABILITY);
	struct mask_capability c;
	char name[MASK_NAME_MAX + 1];
	struct text t;

	if (!mask_lines_omit(lines, id))
		return true;
	text_start(&t, name, sizeof(name));
	text_put(&t, "cpuid.");
	for (; *names && *names != '|'; names++)
		text_bytes(&t, names, 1);
	return mask_capability_find(&c, name, t.used) && lower(m, &c, 0);
}

static bool add_names(struct mask_merge *m, const struct mask_lines *lines)
{
	for (const struct mask_named *n = lines->name; n < lines->name + lines->names; n++)
		if (mask_merge_takes(n) && !lower(m, &n->of, n->value.number))
			return false;
	for (unsigned id = F_NONE + 1; id < F_COUNT; id++)
		if (!add_omitted(m, lines, (enum feature_id)id))
			return false;
	return true;
}

bool mask_merge_hides_name(const struct mask_merge *m, enum feature_id id)
{
	for (size_t i = 0; id != F_NONE && i < m->names; i++)
		if (m->name[i].most == 0 && mask_capability_has(&m->name[i].of, id))
			return true;
	return false;
}

bool mask_merge_add(struct mask_merge *m, const struct mask_lines *lines)
{
	return add_registers(m, lines) && add_names(m, lines);
}

bool mask_merge_hide_bits(struct mask_merge *m, const struct place *at, uint32_t bits)
{
	struct mask_merge_register *r = find_or_add(m, at);

	for (unsigned v = 0; r && v < MASK_VENDORS; v++)
		r->hide[v] |= bits;
	return r != NULL;
}

bool mask_merge_hide(struct mask_merge *m, const struct place *at)
{
	return mask_merge_hide_bits(m, at, place_mask(at->low, at->high));
}

bool mask_merge_hidden(const struct mask_merge *m, const struct place *at)
{
	const struct mask_merge_register *r = find(m, at);

	return r && (place_mask(at->low, at->high) & ~r->hide[MASK_ANY]) == 0;
}

void mask_key_write(struct text *t, const struct place *at, enum mask_vendor vendor)
{
	static const char *const suffix[MASK_VENDORS] = { "", ".amd", ".intel" };

	text_put(t, "cpuid.");
	text_hex(t, at->leaf, 1);
	if (at->subleaf) {
		text_put(t, ".");
		text_hex(t, at->subleaf, 1);
	}
	text_put(t, ".");
	text_put(t, cpuid_register(at->reg));
	text_put(t, suffix[vendor]);
}

/* A line that is written. */
struct key {
	char at[40];
	size_t size;
	uint32_t bits;
};

static int compare_keys(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	const int order = memcmp(a->at, b->at, a->size < b->size ? a->size : b->size);

	return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* True if the result would be different on some host without this line. */
static bool needed(const struct mask_merge_register *r, enum mask_vendor vendor)
{
	if (vendor == MASK_ANY)
		return r->hide[MASK_ANY] != 0;
	return r->stated[vendor] && r->hide[vendor] != r->hide[MASK_ANY];
}

/* Sets the lines of registers, in the order of text.  Returns how many they are. */
static size_t sort_keys(struct key *keys, const struct mask_merge *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count * MASK_VENDORS; i++) {
		const struct mask_merge_register *r = &m->at[i / MASK_VENDORS];
		const enum mask_vendor vendor = (enum mask_vendor)(i % MASK_VENDORS);
		struct key *k = &keys[count];
		struct text t;

		if (!needed(r, vendor))
			continue;
		text_start(&t, k->at, sizeof(k->at));
		mask_key_write(&t, &r->at, vendor);
		k->size = t.used;
		k->bits = r->hide[vendor];
		count++;
	}
	if (count)
		qsort(keys, count, sizeof(*keys), compare_keys);
	return count;
}

static void write_registers(struct text *t, const struct key *keys, size_t count, bool grouped)
{
	for (const struct key *k = keys; k < keys + count; k++) {
		text_bytes(t, k->at, k->size);
		text_put(t, " = \"");
		for (unsigned i = 0; i < MASK_BITS; i++) {
			if (grouped && i && i % 4 == 0)
				text_put(t, ":");
			text_put(t, k->bits >> (MASK_BITS - 1 - i) & 1 ? "0" : "-");
		}
		text_put(t, "\"\n");
	}
}

static int compare_names(const void *x, const void *y)
{
	const struct mask_merge_name *const *a = x, *const *b = y;

	return ascii_compare((*a)->of.name, (*b)->of.name);
}

static void write_names(struct text *t, const struct mask_merge_name **names, size_t count)
{
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++) {
		text_put(t, "featMask.vm.");
		text_put(t, names[i]->of.name);
		text_put(t, " = \"Max:");
		text_decimal(t, names[i]->most);
		text_put(t, "\"\n");
	}
}

void mask_merge_write(struct text *t, const struct mask_merge *m, bool grouped)
{
	struct key *keys = malloc((m->count + 1) * MASK_VENDORS * sizeof(*keys));
	const struct mask_merge_name **names = malloc((m->names + 1) * sizeof(*names));

	if (keys && names) {
		write_registers(t, keys, sort_keys(keys, m), grouped);
		for (size_t i = 0; i < m->names; i++)
			names[i] = &m->name[i];
		write_names(t, names, m->names);
	} else {
		t->full = true;
	}
	free(names);
	free(keys);
}
