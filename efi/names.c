/* SPDX-License-Identifier: MIT */
#include "names.h"

#include "line.h"
#include "table/feature.h"

/* The leaves of the brand string, which are no features. */
#define BRAND_FIRST 0x80000002U
#define BRAND_LAST  0x80000004U

/* What is said if not all kinds fit. */
static const char more[] = "The other kinds of processors are in the report.\n";

static void put_unnamed(struct text *t, uint32_t bits)
{
	for (unsigned bit = 0; bit < 32; bit++) {
		if (!(bits >> bit & 1))
			continue;
		text_put(t, " <");
		text_decimal(t, bit);
		text_put(t, ">");
	}
}

/* True for a bit that a machine has or lacks, not for a number. */
static bool is_feature(const struct feature *f)
{
	return f->low == f->high && (f->kind == KIND_FEATURE || f->kind == KIND_OS);
}

/* "1.ECX        SSE3 PCLMULQDQ ..." */
static void put_register(struct text *t, const struct cpuid_leaf *l, enum cpuid_reg reg)
{
	const struct place at = place_register(l->leaf, l->subleaf, reg);
	uint32_t unnamed = l->reg[reg] & ~feature_processor_bits(l->leaf, l->subleaf, reg);
	struct line line;
	size_t count;

	text_start(&line.text, line.bytes, sizeof(line.bytes));
	place_register_write(&line.text, &at);
	line_pad(&line.text, LABEL_COLUMNS - 1);
	const size_t start = line.text.used;
	const enum feature_id first = feature_register(l->leaf, l->subleaf, reg, &count);
	for (size_t i = 0; i < count; i++) {
		const enum feature_id id = (enum feature_id)(first + i);
		const uint32_t mask = feature_mask(id);

		if (l->reg[reg] & mask && is_feature(&features[id])) {
			text_put(&line.text, " ");
			text_put(&line.text, feature_name(id));
		}
		unnamed &= ~mask;
	}
	put_unnamed(&line.text, unnamed);
	if (line.text.used > start)
		line_end(&line, t);
}

static void put_kind(struct text *t, const struct report *r, size_t kind)
{
	const struct cpuid_set *set = &r->kind[kind].set;
	char vendor[13], brand[49];
	struct line line;

	cpuid_vendor(set, vendor);
	cpuid_brand(set, brand);
	text_start(&line.text, line.bytes, sizeof(line.bytes));
	if (r->kinds > 1) {
		text_put(&line.text, "Kind ");
		text_decimal(&line.text, kind + 1);
		text_put(&line.text, " of ");
		text_decimal(&line.text, r->kinds);
		text_put(&line.text, ": ");
	}
	text_put(&line.text, "Features of ");
	text_printable(&line.text, vendor);
	text_put(&line.text, " ");
	text_printable(&line.text, brand);
	text_put(t, "\n");
	line_end(&line, t);
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		if (l->leaf >= BRAND_FIRST && l->leaf <= BRAND_LAST)
			continue;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			put_register(t, l, (enum cpuid_reg)reg);
	}
}

void names_write(struct text *t, const struct report *r)
{
	const size_t size = t->size;

	/* Room for the last sentence. */
	t->size -= sizeof(more);
	for (size_t kind = 0; kind < r->kinds; kind++) {
		const size_t used = t->used;

		put_kind(t, r, kind);
		if (!t->full)
			continue;
		t->full = false;
		t->used = used;
		t->size = size;
		text_put(t, more);
		return;
	}
	t->size = size;
}
