/* SPDX-License-Identifier: MIT */
#include "mask.h"

#include "lines.h"
#include "mem.h"

bool mask_vmware_shows(enum feature_id id, unsigned hw)
{
	const struct feature *f = &features[id];

	return f->support == VMWARE_YES && f->rule == RULE_ALL && f->hw != 0 && f->hw <= hw;
}

/* The bits of a register to hide. */
static uint32_t hidden(const struct mask *m, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	size_t count;
	const enum feature_id first = feature_register(leaf, subleaf, reg, &count);
	uint32_t shown = 0;

	for (size_t id = first; id < first + count; id++)
		if (mask_vmware_shows((enum feature_id)id, m->hw))
			shown |= feature_mask((enum feature_id)id);
	if (!m->baseline)
		shown &= cpuid_value(m->seen, leaf, subleaf, reg);
	return shown & ~cpuid_value(m->promise, leaf, subleaf, reg);
}

/* The key of a register, "cpuid.80000001.ecx" or "cpuid.d.1.eax". */
struct key {
	char at[32];
	size_t size;
};

static void make_key(struct key *key, uint32_t leaf, uint32_t subleaf, enum cpuid_reg reg)
{
	struct text t;

	text_start(&t, key->at, sizeof(key->at));
	text_put(&t, "cpuid.");
	text_hex(&t, leaf, 1);
	if (subleaf) {
		text_put(&t, ".");
		text_hex(&t, subleaf, 1);
	}
	text_put(&t, ".");
	text_put(&t, lines_register(reg));
	key->size = t.used;
}

static bool before(const struct key *a, const struct key *b)
{
	const int order = memcmp(a->at, b->at, a->size < b->size ? a->size : b->size);

	return order ? order < 0 : a->size < b->size;
}

static void write_line(struct text *t, const struct key *key, uint32_t bits, bool grouped)
{
	text_bytes(t, key->at, key->size);
	text_put(t, " = \"");
	for (unsigned i = 0; i < 32; i++) {
		if (grouped && i && i % 4 == 0)
			text_put(t, ":");
		text_put(t, bits >> (31 - i) & 1 ? "0" : "-");
	}
	text_put(t, "\"\n");
}

/*
 * Finds the line that comes next after *last in the order of text.  Returns its bits, 0 for none.
 * The registers that can have one are those of the table.
 */
static uint32_t next_line(struct key *next, const struct key *last, const struct mask *m)
{
	uint32_t bits = 0;

	for (unsigned id = F_NONE + 1; id < F_COUNT; id++) {
		const struct feature *f = &features[id];
		const enum cpuid_reg reg = (enum cpuid_reg)f->reg;
		struct key key;

		if (!mask_vmware_shows((enum feature_id)id, m->hw) || f->subleaf >= FROM(0))
			continue;
		const uint32_t hide = hidden(m, f->leaf, f->subleaf, reg);
		if (!hide)
			continue;
		make_key(&key, f->leaf, f->subleaf, reg);
		if ((last->size && !before(last, &key)) || (bits && !before(&key, next)))
			continue;
		*next = key;
		bits = hide;
	}
	return bits;
}

void mask_vmx_write(struct text *t, const struct mask *m)
{
	struct key last = { .size = 0 }, next;

	for (uint32_t bits; (bits = next_line(&next, &last, m)) != 0; last = next)
		write_line(t, &next, bits, m->grouped);
}
