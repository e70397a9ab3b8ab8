/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid_text.h"

static void write_msr(struct text *t, const struct cpuid_leaf *l)
{
	text_put(t, "msr ");
	text_hex(t, l->leaf - CPUID_MSR, 8);
	text_put(t, " ");
	text_hex(t, (uint64_t)l->reg[EDX] << 32 | l->reg[EAX], 1);
	text_put(t, "\n");
}

/* Writes the line of the bits of a leaf that are unknown, if there are any. */
static void write_unknown(struct text *t, const struct cpuid_leaf *l)
{
	if (!(l->unknown[EAX] | l->unknown[EBX] | l->unknown[ECX] | l->unknown[EDX]))
		return;
	text_put(t, "unknown");
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		text_put(t, " ");
		text_hex(t, l->unknown[reg], 8);
	}
	text_put(t, "\n");
}

void cpuid_text_write(struct text *t, const struct cpuid_set *set)
{
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		if (l->leaf >= CPUID_MSR) {
			write_msr(t, l);
			continue;
		}
		text_put(t, "cpuid ");
		text_hex(t, l->leaf, 8);
		text_put(t, " ");
		text_hex(t, l->subleaf, 2);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			text_put(t, " ");
			text_hex(t, l->reg[reg], 8);
		}
		text_put(t, "\n");
		write_unknown(t, l);
	}
}

/* Fails at key if the leaf does not come after those of the set, or does not fit. */
static void check_leaf(struct scan *s, const struct scan *key, const struct cpuid_set *set,
                       const struct cpuid_leaf *l)
{
	const struct cpuid_leaf *last = set->count ? &set->at[set->count - 1] : NULL;

	if (s->err == ERR_NONE && last &&
	    (l->leaf < last->leaf || (l->leaf == last->leaf && l->subleaf <= last->subleaf))) {
		*s = *key;
		scan_fail(s, ERR_ORDER);
	}
	if (s->err == ERR_NONE && set->count == CPUID_SET_MAX)
		scan_fail(s, ERR_MANY_LEAVES);
}

/* Reads the line of unknown bits, if it is there: some are, and none of them is set. */
static void read_unknown(struct scan *s, struct cpuid_leaf *l)
{
	const struct scan line = *s;
	uint32_t any = 0, set = 0;

	if (!scan_is(s, "unknown"))
		return;
	scan_word(s, "unknown", ERR_WORD);
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		scan_space(s);
		l->unknown[reg] = scan_hex(s, 8);
		any |= l->unknown[reg];
		set |= l->unknown[reg] & l->reg[reg];
	}
	scan_line_end(s);
	if (s->err == ERR_NONE && (!any || set)) {
		*s = line;
		scan_fail(s, ERR_UNKNOWN_BITS);
	}
}

static void read_entry(struct scan *s, struct cpuid_set *set)
{
	struct cpuid_leaf l = { 0 };

	scan_word(s, "cpuid", ERR_WORD);
	scan_space(s);
	const struct scan key = *s;
	l.leaf = scan_hex(s, 8);
	if (l.leaf >= CPUID_MSR) {
		*s = key;
		scan_fail(s, ERR_NO_LEAF);
	}
	scan_space(s);
	l.subleaf = scan_hex(s, 2);
	check_leaf(s, &key, set, &l);
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		scan_space(s);
		l.reg[reg] = scan_hex(s, 8);
	}
	scan_line_end(s);
	read_unknown(s, &l);
	if (s->err == ERR_NONE)
		set->at[set->count++] = l;
}

static void read_msr(struct scan *s, struct cpuid_set *set)
{
	scan_word(s, "msr", ERR_WORD);
	scan_space(s);
	const struct scan key = *s;
	const uint32_t number = scan_hex(s, 8);
	struct cpuid_leaf l = { .leaf = CPUID_MSR | number };

	if (number > ~CPUID_MSR) {
		*s = key;
		scan_fail(s, ERR_NO_LEAF);
	}
	check_leaf(s, &key, set, &l);
	scan_space(s);
	const uint64_t value = scan_hex_short(s);
	scan_line_end(s);
	l.reg[EAX] = (uint32_t)value;
	l.reg[EDX] = (uint32_t)(value >> 32);
	if (s->err == ERR_NONE)
		set->at[set->count++] = l;
}

void cpuid_text_read(struct scan *s, struct cpuid_set *set)
{
	set->count = 0;
	while (scan_is(s, "cpuid"))
		read_entry(s, set);
	if (set->count == 0)
		scan_fail(s, ERR_NO_LEAVES);
}

void cpuid_text_read_msrs(struct scan *s, struct cpuid_set *set)
{
	while (scan_is(s, "msr"))
		read_msr(s, set);
}
