/* SPDX-License-Identifier: MIT */
#include "report/cpuid_r.h"

#include "base/mem.h"
#include "base/scan.h"

static void write_processor(struct text *t, const struct report *r, size_t index)
{
	struct cpuid_set set;

	report_processor_set(r, index, &set);
	text_put(t, "CPU ");
	text_decimal(t, r->processor[index].number);
	text_put(t, ":\n");
	for (const struct cpuid_leaf *l = set.at; l < set.at + set.count; l++) {
		text_put(t, "   0x");
		text_hex(t, l->leaf, 8);
		text_put(t, " 0x");
		text_hex(t, l->subleaf, 2);
		text_put(t, ":");
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			text_put(t, " ");
			text_put(t, cpuid_register((enum cpuid_reg)reg));
			text_put(t, "=0x");
			text_hex(t, l->reg[reg], 8);
		}
		text_put(t, "\n");
	}
}

void cpuid_r_write(struct text *t, const struct report *r)
{
	for (size_t i = 0; i < r->processors; i++)
		write_processor(t, r, i);
}

/* Moves past characters that must come next; what follows them is not checked. */
static void expect(struct scan *s, const char *characters)
{
	for (; *characters && s->err == ERR_NONE; characters++) {
		if (s->at == s->end || *s->at != *characters)
			scan_fail(s, ERR_CPUID_R_LINE);
		else
			s->at++;
	}
}

/* Reads "CPU:" or "CPU 3:".  If the first header is missing, the file has another format. */
static uint16_t read_header(struct scan *s, bool first)
{
	uint64_t number = 0;

	if (first && !scan_done(s) && *s->at != 'C')
		scan_fail(s, ERR_NOT_CPUID_R);
	expect(s, "CPU");
	if (!scan_done(s) && *s->at != ':') {
		scan_space(s);
		number = scan_decimal(s, REPORT_NUMBER_MAX);
	}
	expect(s, ":");
	scan_line_end(s);
	return (uint16_t)number;
}

/* Appends a leaf.  Some programs print a leaf twice; an identical one does no harm. */
static enum err add_leaf(struct cpuid_set *set, const struct cpuid_leaf *l)
{
	const struct cpuid_leaf *last = set->count ? &set->at[set->count - 1] : NULL;

	if (last && memcmp(last, l, sizeof(*l)) == 0)
		return ERR_NONE;
	if (last &&
	    (l->leaf < last->leaf || (l->leaf == last->leaf && l->subleaf <= last->subleaf)))
		return ERR_ORDER;
	if (set->count == CPUID_SET_MAX)
		return ERR_MANY_LEAVES;
	set->at[set->count++] = *l;
	return ERR_NONE;
}

static void read_leaf(struct scan *s, struct cpuid_set *set)
{
	struct cpuid_leaf l;

	expect(s, "   0x");
	const struct scan key = *s;
	l.leaf = scan_hex(s, 8);
	expect(s, " 0x");
	l.subleaf = scan_hex(s, 2);
	expect(s, ":");
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		expect(s, " ");
		expect(s, cpuid_register((enum cpuid_reg)reg));
		expect(s, "=0x");
		l.reg[reg] = scan_hex(s, 8);
	}
	scan_line_end(s);
	if (s->err != ERR_NONE)
		return;
	const enum err err = add_leaf(set, &l);
	if (err != ERR_NONE) {
		*s = key;
		scan_fail(s, err);
	}
}

static void read_processor(struct scan *s, struct report *r)
{
	static const struct control unknown;
	const struct scan header = *s;
	const uint16_t number = read_header(s, r->processors == 0);
	struct cpuid_set set;
	enum err err = ERR_NONE;

	set.count = 0;
	while (!scan_done(s) && *s->at == ' ')
		read_leaf(s, &set);
	if (s->err != ERR_NONE)
		return;
	cpuid_drop_echoes(&set);
	if (r->processors && number <= r->processor[r->processors - 1].number)
		err = ERR_LIST_ORDER;
	else if (set.count == 0)
		err = ERR_NO_LEAVES;
	else if (!report_add(r, number, &unknown, &set))
		err = r->cut & CUT_KINDS ? ERR_MANY_KINDS : ERR_MANY_CPUS;
	if (err != ERR_NONE) {
		*s = header;
		scan_fail(s, err);
	}
}

enum err cpuid_r_read(struct report *r, const char *text, size_t size, struct where *reterr_where)
{
	struct scan s;

	report_start(r);
	scan_start(&s, text, size);
	if (size == 0)
		s.err = ERR_EMPTY;
	do
		read_processor(&s, r);
	while (!scan_done(&s));
	*reterr_where = s.where;
	return s.err;
}
