/* SPDX-License-Identifier: MIT */
#include "mask/mask_vmx_merge.h"

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
	free(m->at);
	free(m->name);
	mask_merge_start(m);
}

/* Returns the entry of a register, and adds it if there is none.  NULL: no memory. */
static struct mask_merge_register *find(struct mask_merge *m, const struct place *at)
{
	for (struct mask_merge_register *r = m->at; r < m->at + m->count; r++)
		if (place_same_register(&r->at, at))
			return r;
	struct mask_merge_register *more = array_room(m->at, m->count, sizeof(*more));
	if (!more)
		return NULL;
	m->at = more;
	struct mask_merge_register *r = &m->at[m->count++];
	*r = (struct mask_merge_register){ place_register(at->leaf, at->subleaf, at->reg),
		                           .hide = { 0 } };
	return r;
}

/* Adds to *sum the lines for the register of *l, for the hosts of each vendor. */
static void add_register(struct mask_merge_register *sum, const struct mask_lines *lines,
                         const struct mask_line *l)
{
	struct mask_merge_register own = { .hide = { 0 } };

	for (const struct mask_line *o = lines->at; o < lines->at + lines->count; o++) {
		if (!place_same_register(&o->at, &l->at) || mask_line_spoofs(o))
			continue;
		own.stated[o->vendor] = true;
		own.hide[o->vendor] |= mask_line_hidden(o);
		own.force[o->vendor] |= mask_line_forced(o);
	}
	for (unsigned v = 0; v < MASK_VENDORS; v++) {
		const unsigned from = own.stated[v] ? v : MASK_ANY;

		sum->stated[v] |= own.stated[v];
		sum->hide[v] |= own.hide[from];
		sum->force[v] |= own.force[from];
	}
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
	size_t at = 0;

	while (at < m->names && ascii_compare(m->name[at].of.name, of->name) < 0)
		at++;
	if (at < m->names && ascii_compare(m->name[at].of.name, of->name) == 0) {
		m->name[at].most = most < m->name[at].most ? most : m->name[at].most;
		return true;
	}
	struct mask_merge_name *more = array_room(m->name, m->names, sizeof(*more));
	if (!more)
		return false;
	m->name = more;
	memmove(&more[at + 1], &more[at], (m->names++ - at) * sizeof(*more));
	more[at] = (struct mask_merge_name){ *of, most };
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
	for (const struct mask_merge_name *n = m->name; n < m->name + m->names; n++)
		if (id != F_NONE && n->most == 0 && mask_capability_has(&n->of, id))
			return true;
	return false;
}

bool mask_merge_add(struct mask_merge *m, const struct mask_lines *lines)
{
	for (const struct mask_line *l = lines->at; l < lines->at + lines->count; l++) {
		struct mask_merge_register *r;

		if (mask_line_spoofs(l))
			continue;
		r = find(m, &l->at);
		if (!r)
			return false;
		add_register(r, lines, l);
	}
	return add_names(m, lines);
}

bool mask_merge_hide_bits(struct mask_merge *m, const struct place *at, uint32_t bits)
{
	struct mask_merge_register *r = find(m, at);

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
	const uint32_t bits = place_mask(at->low, at->high);

	for (const struct mask_merge_register *r = m->at; r < m->at + m->count; r++)
		if (place_same_register(&r->at, at))
			return (bits & ~r->hide[MASK_ANY]) == 0;
	return false;
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

/* The text of a key. */
struct key {
	char at[40];
	size_t size;
};

static bool before(const struct key *a, const struct key *b)
{
	const int order = memcmp(a->at, b->at, a->size < b->size ? a->size : b->size);

	return order ? order < 0 : a->size < b->size;
}

/* True if the result would be different on some host without this line. */
static bool needed(const struct mask_merge_register *r, enum mask_vendor vendor)
{
	if (vendor == MASK_ANY)
		return r->hide[MASK_ANY] != 0;
	return r->stated[vendor] && r->hide[vendor] != r->hide[MASK_ANY];
}

/* Finds the line after *last in the order of text.  Returns false if there is none. */
static bool next_line(struct key *next, uint32_t *bits, const struct key *last,
                      const struct mask_merge *m)
{
	bool found = false;

	for (size_t i = 0; i < m->count * MASK_VENDORS; i++) {
		const struct mask_merge_register *r = &m->at[i / MASK_VENDORS];
		const enum mask_vendor vendor = (enum mask_vendor)(i % MASK_VENDORS);
		struct text t;
		struct key key;

		if (!needed(r, vendor))
			continue;
		text_start(&t, key.at, sizeof(key.at));
		mask_key_write(&t, &r->at, vendor);
		key.size = t.used;
		if ((last->size && !before(last, &key)) || (found && !before(&key, next)))
			continue;
		*next = key;
		*bits = r->hide[vendor];
		found = true;
	}
	return found;
}

void mask_merge_write(struct text *t, const struct mask_merge *m, bool grouped)
{
	struct key last = { .size = 0 }, next;

	for (uint32_t bits; next_line(&next, &bits, &last, m); last = next) {
		text_bytes(t, next.at, next.size);
		text_put(t, " = \"");
		for (unsigned i = 0; i < MASK_BITS; i++) {
			if (grouped && i && i % 4 == 0)
				text_put(t, ":");
			text_put(t, bits >> (MASK_BITS - 1 - i) & 1 ? "0" : "-");
		}
		text_put(t, "\"\n");
	}
	for (const struct mask_merge_name *n = m->name; n < m->name + m->names; n++) {
		text_put(t, "featMask.vm.");
		text_put(t, n->of.name);
		text_put(t, " = \"Max:");
		text_decimal(t, n->most);
		text_put(t, "\"\n");
	}
}
