/* SPDX-License-Identifier: MIT */
#include "cpuid/cpuid_text.h"

void cpuid_text_write(struct text *t, const struct cpuid_set *set)
{
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++) {
		text_put(t, "cpuid ");
		text_hex(t, l->leaf, 8);
		text_put(t, " ");
		text_hex(t, l->subleaf, 2);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			text_put(t, " ");
			text_hex(t, l->reg[reg], 8);
		}
		text_put(t, "\n");
	}
}

static void read_entry(struct scan *s, struct cpuid_set *set)
{
	const struct cpuid_leaf *last = set->count ? &set->at[set->count - 1] : NULL;
	struct cpuid_leaf l = { 0 };

	scan_word(s, "cpuid", ERR_WORD);
	scan_space(s);
	const struct scan key = *s;
	l.leaf = scan_hex(s, 8);
	scan_space(s);
	l.subleaf = scan_hex(s, 2);
	if (s->err == ERR_NONE && last &&
	    (l.leaf < last->leaf || (l.leaf == last->leaf && l.subleaf <= last->subleaf))) {
		*s = key;
		scan_fail(s, ERR_ORDER);
	}
	if (s->err == ERR_NONE && set->count == CPUID_SET_MAX)
		scan_fail(s, ERR_MANY_LEAVES);
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		scan_space(s);
		l.reg[reg] = scan_hex(s, 8);
	}
	scan_line_end(s);
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
