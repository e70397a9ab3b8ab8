/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "table/feature.h"
#include "table/msr.h"

static const char *const field_name[FIELD_COUNT] = {
#define FIELD(id, name, type) name,
#include "report/report_field.def"
#undef FIELD
};

void report_start(struct report *r)
{
	/* Not all of it: it is large, and what is counted is set before the count is. */
	memset(r->known, 0, sizeof(r->known));
	memset(r->field, 0, sizeof(r->field));
	r->cut = 0;
	report_forget_processors(r);
	setup_start(&r->setup, NULL);
	r->setup.there = false;
}

const char *report_field_name(enum report_field field)
{
	return field_name[field];
}

void report_forget_processors(struct report *r)
{
	r->disabled.count = r->silent.count = r->kinds = r->processors = 0;
	r->cut &= CUT_STRINGS;
}

bool report_boot_only(const struct report *r)
{
	return r->known[FIELD_PROCESSORS_ASKED] &&
	       memcmp(r->field[FIELD_PROCESSORS_ASKED], REPORT_BOOT_ONLY,
	              sizeof(REPORT_BOOT_ONLY) - 1) == 0;
}

void report_set(struct report *r, enum report_field field, const char *string)
{
	size_t size = ascii_size(string);

	if (size > REPORT_STRING_MAX) {
		size = REPORT_STRING_MAX;
		r->cut |= CUT_STRINGS;
	}
	memcpy(r->field[field], string, size);
	r->field[field][size] = '\0';
	r->known[field] = true;
}

void report_set_decimal(struct report *r, enum report_field field, uint64_t value)
{
	struct text t;

	text_start(&t, r->field[field], sizeof(r->field[field]));
	text_decimal(&t, value);
	text_string(&t);
	r->known[field] = true;
}

void report_set_hex(struct report *r, enum report_field field, uint64_t value)
{
	struct text t;

	text_start(&t, r->field[field], sizeof(r->field[field]));
	text_hex(&t, value, 1);
	text_string(&t);
	r->known[field] = true;
}

static bool same_value(const struct control_value *a, const struct control_value *b)
{
	return a->known == b->known && a->value == b->value;
}

/*
 * Of CR4 only the bits that CPUID mirrors count: OSXSAVE, KL and PKE.  EDK2 sets other bits, such
 * as DE, on the boot processor only; that does not make it another kind.
 */
#define CR4_MIRRORED (UINT64_C(1) << 18 | UINT64_C(1) << 19 | UINT64_C(1) << 22)

/* Compares model-specific registers, except for bits that each processor has for itself. */
static bool same_msrs(const struct control *a, const struct control *b)
{
	if (a->msrs != b->msrs)
		return false;
	for (size_t i = 0; i < a->msrs; i++) {
		const struct control_msr *m = &a->msr[i], *n = &b->msr[i];

		if (m->number != n->number || m->value.known != n->value.known ||
		    ((m->value.value ^ n->value.value) & ~msr_processor_bits(m->number)))
			return false;
	}
	return true;
}

static bool same_control(const struct control *a, const struct control *b)
{
	return a->cr4.known == b->cr4.known && !((a->cr4.value ^ b->cr4.value) & CR4_MIRRORED) &&
	       same_value(&a->xcr0, &b->xcr0) && same_value(&a->microcode, &b->microcode) &&
	       same_msrs(a, b);
}

/* Returns true if a processor with this set is of this kind. */
static bool is_of_kind(const struct report_kind *k, const struct control *control,
                       const struct cpuid_set *set)
{
	size_t v = 0;

	if (!same_control(&k->control, control) || k->set.count != set->count)
		return false;
	for (size_t i = 0; i < set->count; i++) {
		const struct cpuid_leaf *a = &k->set.at[i], *b = &set->at[i];
		if (a->leaf != b->leaf || a->subleaf != b->subleaf)
			return false;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			uint32_t differ = a->reg[reg] ^ b->reg[reg];
			if (a->unknown[reg] != b->unknown[reg])
				return false;
			if (v < k->varies && k->vary[v].leaf == i && k->vary[v].reg == reg) {
				differ &= ~feature_processor_bits(a->leaf, a->subleaf,
				                                  (enum cpuid_reg)reg);
				v++;
			}
			if (differ)
				return false;
		}
	}
	return true;
}

/* Notes the registers in which processors of a new kind may differ, REPORT_VARY_MAX at most. */
static void note_varying(struct report_kind *k)
{
	k->varies = 0;
	for (size_t i = 0; i < k->set.count; i++)
		for (unsigned reg = 0; reg < CPUID_REGS && k->varies < REPORT_VARY_MAX; reg++) {
			const struct cpuid_leaf *l = &k->set.at[i];
			if (!feature_processor_bits(l->leaf, l->subleaf, (enum cpuid_reg)reg))
				continue;
			k->vary[k->varies].leaf = (uint16_t)i;
			k->vary[k->varies].reg = (uint16_t)reg;
			k->varies++;
		}
}

/*
 * Returns in how many registers besides vary[] a set differs from that of a kind.  Returns SIZE_MAX
 * if the control registers differ, or if it has other leaves.
 */
static size_t count_other(const struct report_kind *k, const struct control *control,
                          const struct cpuid_set *set)
{
	size_t other = 0, v = 0;

	if (!same_control(&k->control, control) || k->set.count != set->count)
		return SIZE_MAX;
	for (size_t i = 0; i < set->count; i++) {
		const struct cpuid_leaf *a = &k->set.at[i], *b = &set->at[i];
		if (a->leaf != b->leaf || a->subleaf != b->subleaf)
			return SIZE_MAX;
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			if (v < k->varies && k->vary[v].leaf == i && k->vary[v].reg == reg)
				v++;
			else
				other += a->reg[reg] != b->reg[reg];
			if (a->unknown[reg] != b->unknown[reg])
				return SIZE_MAX;
		}
	}
	return other;
}

/* Lets a register differ in a kind whose processors have the same value so far. */
static void add_varying(struct report *r, size_t kind, size_t leaf, unsigned reg)
{
	struct report_kind *k = &r->kind[kind];
	size_t v = 0;

	while (v < k->varies &&
	       (k->vary[v].leaf < leaf || (k->vary[v].leaf == leaf && k->vary[v].reg < reg)))
		v++;
	if (v < k->varies && k->vary[v].leaf == leaf && k->vary[v].reg == reg)
		return;
	const size_t after = k->varies++ - v;
	memmove(&k->vary[v + 1], &k->vary[v], after * sizeof(k->vary[0]));
	k->vary[v].leaf = (uint16_t)leaf;
	k->vary[v].reg = (uint16_t)reg;
	for (struct report_processor *p = r->processor; p < r->processor + r->processors; p++) {
		if (p->kind != kind)
			continue;
		memmove(&p->value[v + 1], &p->value[v], after * sizeof(p->value[0]));
		p->value[v] = k->set.at[leaf].reg[reg];
	}
}

/* Returns the kind that a processor of one kind too many joins, or REPORT_KINDS_MAX. */
static size_t join_kind(struct report *r, const struct control *control,
                        const struct cpuid_set *set)
{
	size_t kind = REPORT_KINDS_MAX, least = REPORT_VARY_MAX + 1;

	for (size_t i = 0; i < r->kinds; i++) {
		const size_t other = count_other(&r->kind[i], control, set);

		if (other < least && r->kind[i].varies + other <= REPORT_VARY_MAX) {
			kind = i;
			least = other;
		}
	}
	for (size_t i = 0; kind < REPORT_KINDS_MAX && i < set->count; i++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++)
			if (r->kind[kind].set.at[i].reg[reg] != set->at[i].reg[reg])
				add_varying(r, kind, i, reg);
	return kind;
}

/* Returns the index of the processor's kind, which is new if none fits, or REPORT_KINDS_MAX. */
static size_t kind_of(struct report *r, uint16_t number, const struct control *control,
                      const struct cpuid_set *set)
{
	for (size_t i = 0; i < r->kinds; i++)
		if (is_of_kind(&r->kind[i], control, set))
			return i;
	if (r->kinds == REPORT_KINDS_MAX)
		return join_kind(r, control, set);

	struct report_kind *k = &r->kind[r->kinds];
	k->first = number;
	k->members = 0;
	k->control = *control;
	k->set.count = set->count;
	memcpy(k->set.at, set->at, set->count * sizeof(set->at[0]));
	note_varying(k);
	return r->kinds++;
}

bool report_add(struct report *r, uint16_t number, const struct control *control,
                const struct cpuid_set *set)
{
	if (set->count == CPUID_SET_MAX)
		r->cut |= CUT_LEAVES;
	if (r->processors == REPORT_PROCESSORS_MAX) {
		r->cut |= CUT_PROCESSORS;
		return false;
	}
	const size_t kind = kind_of(r, number, control, set);
	if (kind == REPORT_KINDS_MAX) {
		r->cut |= CUT_KINDS;
		return false;
	}

	struct report_processor *p = &r->processor[r->processors++];
	struct report_kind *k = &r->kind[kind];
	k->members++;
	p->number = number;
	p->kind = (uint16_t)kind;
	for (size_t v = 0; v < k->varies; v++)
		p->value[v] = set->at[k->vary[v].leaf].reg[k->vary[v].reg];
	return true;
}

void report_list_add(struct report *r, struct report_list *list, uint16_t number)
{
	if (list->count == REPORT_PROCESSORS_MAX)
		r->cut |= CUT_PROCESSORS;
	else
		list->number[list->count++] = number;
}

size_t report_members(const struct report *r, size_t kind,
                      uint32_t number[static REPORT_PROCESSORS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < r->processors; i++)
		if (r->processor[i].kind == kind)
			number[count++] = r->processor[i].number;
	return count;
}

bool report_kind_differs(const struct report *r, size_t kind)
{
	const struct report_kind *k = &r->kind[kind];

	for (size_t i = 0; i < r->processors; i++) {
		const struct report_processor *p = &r->processor[i];

		for (size_t v = 0; p->kind == kind && v < k->varies; v++) {
			const struct cpuid_leaf *l = &k->set.at[k->vary[v].leaf];
			const enum cpuid_reg reg = (enum cpuid_reg)k->vary[v].reg;

			if ((p->value[v] ^ l->reg[reg]) &
			    ~feature_processor_bits(l->leaf, l->subleaf, reg))
				return true;
		}
	}
	return false;
}

void report_processor_set(const struct report *r, size_t index, struct cpuid_set *set)
{
	const struct report_processor *p = &r->processor[index];
	const struct report_kind *k = &r->kind[p->kind];

	*set = k->set;
	for (size_t v = 0; v < k->varies; v++)
		set->at[k->vary[v].leaf].reg[k->vary[v].reg] = p->value[v];
}

bool report_features(const struct report_kind *kind, struct cpuid_set *set)
{
	*set = kind->set;
	return msr_add_features(set, &kind->control);
}
