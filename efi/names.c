/* SPDX-License-Identifier: MIT */
#include "names.h"

#include "base/ascii.h"
#include "console.h"
#include "table/feature.h"

/* Where names begin, after the register's. */
#define INDENT 16

/* The leaves of the brand string, which are no features. */
#define BRAND_FIRST 0x80000002U
#define BRAND_LAST  0x80000004U

/* What is said if not all kinds fit. */
static const char more[] = "The other kinds of processors are in the report.\n";

static size_t column_of(const struct text *t)
{
	size_t column = 0;

	while (column < t->used && t->at[t->used - column - 1] != '\n')
		column++;
	return column;
}

static void pad(struct text *t, size_t column)
{
	while (!t->full && column_of(t) < column)
		text_put(t, " ");
}

/* Appends a blank and a word, in a new row if it does not fit. */
static void put_word(struct text *t, const char *word, size_t size)
{
	if (column_of(t) + 1 + size > CONSOLE_COLUMNS) {
		text_put(t, "\n");
		pad(t, INDENT);
	}
	text_put(t, " ");
	text_bytes(t, word, size);
}

static void put_unnamed(struct text *t, uint32_t bits)
{
	for (unsigned bit = 0; bit < 32; bit++) {
		char bytes[8];
		struct text word;

		if (!(bits >> bit & 1))
			continue;
		text_start(&word, bytes, sizeof(bytes));
		text_put(&word, "<");
		text_decimal(&word, bit);
		text_put(&word, ">");
		put_word(t, bytes, word.used);
	}
}

/* True for a bit that a machine has or lacks, not for a number. */
static bool is_feature(const struct feature *f)
{
	return f->low == f->high && (f->kind == KIND_FEATURE || f->kind == KIND_OS);
}

/* "1.ECX            SSE3 PCLMULQDQ ..." */
static void put_register(struct text *t, const struct cpuid_leaf *l, enum cpuid_reg reg)
{
	const struct place at = place_register(l->leaf, l->subleaf, reg);
	uint32_t unnamed = l->reg[reg] & ~feature_processor_bits(l->leaf, l->subleaf, reg);
	const size_t before = t->used;
	size_t count;

	place_register_write(t, &at);
	pad(t, INDENT);
	const size_t start = t->used;
	const enum feature_id first = feature_register(l->leaf, l->subleaf, reg, &count);
	for (size_t i = 0; i < count; i++) {
		const enum feature_id id = (enum feature_id)(first + i);
		const uint32_t mask = feature_mask(id);

		if (l->reg[reg] & mask && is_feature(&features[id]))
			put_word(t, feature_name(id), ascii_size(feature_name(id)));
		unnamed &= ~mask;
	}
	put_unnamed(t, unnamed);
	if (t->used > start)
		text_put(t, "\n");
	else
		t->used = before;
}

static void put_kind(struct text *t, const struct report *r, size_t kind)
{
	const struct cpuid_set *set = &r->kind[kind].set;
	char vendor[13], brand[49];

	cpuid_vendor(set, vendor);
	cpuid_brand(set, brand);
	if (r->kinds > 1) {
		text_put(t, "Kind ");
		text_decimal(t, kind + 1);
		text_put(t, " of ");
		text_decimal(t, r->kinds);
		text_put(t, ": ");
	}
	text_printable(t, vendor);
	text_put(t, " ");
	text_printable(t, brand);
	text_put(t, "\n");
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		if (l->leaf >= BRAND_FIRST && l->leaf <= BRAND_LAST)
			continue;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			put_register(t, l, (enum cpuid_reg)reg);
	}
	text_put(t, "\n");
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
