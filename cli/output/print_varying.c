/* SPDX-License-Identifier: MIT */
#include "output/print_varying.h"

#include <inttypes.h>
#include <stdio.h>

#include "output/print.h"

/* The values of a field on the processors of a kind. */
struct field {
	size_t count;
	uint32_t value[REPORT_PROCESSORS_MAX];
};

static bool take_field(struct field *f, const struct report *r, size_t kind, size_t v, unsigned low,
                       uint32_t mask)
{
	bool differ = false;

	f->count = 0;
	for (const struct report_processor *p = r->processor; p < r->processor + r->processors; p++)
		if (p->kind == kind) {
			f->value[f->count] = (p->value[v] & mask) >> low;
			differ |= f->value[f->count] != f->value[0];
			f->count++;
		}
	return differ;
}

/* Prints the values from a column on, in as many lines as needed. */
static void print_values(const struct field *f, int column)
{
	for (size_t i = 0, last; i < f->count; i = last + 1) {
		char word[32];

		for (last = i; last + 1 < f->count && f->value[last] < f->value[last + 1] &&
		               f->value[last + 1] - f->value[last] == 1;)
			last++;
		if (last == i)
			snprintf(word, sizeof(word), "0x%" PRIx32, f->value[i]);
		else
			snprintf(word, sizeof(word), "0x%" PRIx32 "-0x%" PRIx32, f->value[i],
			         f->value[last]);
		print_word(&column, word);
	}
	putchar('\n');
}

/* Prints the fields of one register that differ, and a heading unless *any is set. */
static void print_register(const struct report *r, size_t kind, size_t v, bool *any)
{
	const struct report_kind *k = &r->kind[kind];
	const struct cpuid_leaf *l = &k->set.at[k->vary[v].leaf];
	const enum cpuid_reg reg = (enum cpuid_reg)k->vary[v].reg;
	static struct field f;

	for (unsigned low = 0, high; low < 32; low = high + 1) {
		const enum feature_id id = feature_at(l->leaf, l->subleaf, reg, low);
		char place[PLACE_MAX];

		high = id == F_NONE ? low : features[id].high;
		if (!take_field(&f, r, kind, v, low,
		                id == F_NONE ? UINT32_C(1) << low : feature_mask(id)))
			continue;
		if (!*any)
			printf("    differs between processors (values in processor order)\n");
		*any = true;
		const struct place at = { l->leaf, l->subleaf, reg, low, high };
		print_place(place, &at);
		print_values(&f, printf("    %-*s %s", INDENT - 4, place,
		                        id == F_NONE ? "" : feature_name(id)));
	}
}

void print_varying(const struct report *r, size_t kind)
{
	bool any = false;

	for (size_t v = 0; v < r->kind[kind].varies; v++)
		print_register(r, kind, v, &any);
}
