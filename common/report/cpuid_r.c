/* SPDX-License-Identifier: MIT */
#include "report/cpuid_r.h"

#include "base/ascii.h"
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

/* Moves past the blanks and marks that a mail puts before what it quotes. */
static void skip_marks(struct scan *s)
{
	while (s->at < s->end &&
	       (*s->at == ' ' || *s->at == '\t' || *s->at == '>' || *s->at == '|'))
		s->at++;
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r'))
		s->at++;
}

/* Moves to the beginning of the next line, or to the end. */
static void skip_line(struct scan *s)
{
	while (s->at < s->end && *s->at != '\n')
		s->at++;
	if (s->at == s->end)
		return;
	s->at++;
	s->line++;
	s->line_start = s->at;
}

/* Moves past blanks, and past the end of a line that a mail broke there. */
static void skip_wrap(struct scan *s)
{
	skip_blanks(s);
	if (s->end - s->at >= 2 && s->at[0] == '=' && (s->at[1] == '\n' || s->at[1] == '\r'))
		s->at++;
	skip_blanks(s);
	if (s->at < s->end && *s->at == '\n') {
		skip_line(s);
		skip_marks(s);
	}
}

/* Moves past characters if they come next. */
static bool accept(struct scan *s, const char *characters)
{
	const char *at = s->at;

	for (; *characters; characters++, at++)
		if (at == s->end || *at != *characters)
			return false;
	s->at = at;
	return true;
}

static void expect(struct scan *s, const char *characters)
{
	if (s->err == ERR_NONE && !accept(s, characters))
		scan_fail(s, ERR_CPUID_R_LINE);
}

/* Reads from min to 8 hexadecimal digits. */
static uint32_t read_hex(struct scan *s, unsigned min)
{
	uint32_t value = 0;
	unsigned digits = 0;

	for (; digits < 8 && !scan_done(s) && ascii_hex(*s->at) >= 0; digits++, s->at++)
		value = value << 4 | (uint32_t)ascii_hex(*s->at);
	if (digits < min)
		scan_fail(s, ERR_HEX);
	return value;
}

/* Ends a line of the dump. */
static void end_line(struct scan *s)
{
	skip_blanks(s);
	if (s->err == ERR_NONE && s->at < s->end && *s->at != '\n')
		scan_fail(s, ERR_CPUID_R_LINE);
	else if (s->err == ERR_NONE)
		skip_line(s);
}

/* Reads "CPU:" or "CPU 3:" and the rest of its line.  Does not move if there is no such line. */
static bool read_header(struct scan *s, uint64_t *number)
{
	struct scan next = *s;

	*number = 0;
	skip_marks(&next);
	if (!accept(&next, "CPU"))
		return false;
	if (accept(&next, " "))
		*number = scan_decimal(&next, UINT64_MAX);
	expect(&next, ":");
	end_line(&next);
	if (next.err == ERR_NONE)
		*s = next;
	return next.err == ERR_NONE;
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

/* Reads " eax=0x00000016"; in quoted-printable mails '=' is "=3D". */
static uint32_t read_register(struct scan *s, enum cpuid_reg reg)
{
	const struct scan before = *s;

	skip_wrap(s);
	if (!accept(s, cpuid_register(reg))) {
		*s = before;
		scan_fail(s, ERR_CPUID_R_LINE);
		return 0;
	}
	expect(s, "=");
	accept(s, "3D");
	expect(s, "0x");
	return read_hex(s, 8);
}

static void read_leaf(struct scan *s, struct cpuid_set *set)
{
	struct cpuid_leaf l = { .leaf = 0 };

	skip_marks(s);
	expect(s, "0x");
	const struct scan key = *s;
	l.leaf = read_hex(s, 8);
	skip_wrap(s);
	expect(s, "0x");
	l.subleaf = read_hex(s, 2);
	expect(s, ":");
	for (unsigned reg = 0; reg < CPUID_REGS && s->err == ERR_NONE; reg++)
		l.reg[reg] = read_register(s, (enum cpuid_reg)reg);
	end_line(s);
	if (s->err != ERR_NONE)
		return;
	const enum err err = l.subleaf > 0xff ? ERR_NO_LEAF : add_leaf(set, &l);
	if (err != ERR_NONE) {
		*s = key;
		scan_fail(s, err);
	}
}

/* True if the rest of the line has these characters. */
static bool line_has(const struct scan *s, const char *characters)
{
	for (struct scan at = *s; at.at < at.end && *at.at != '\n'; at.at++)
		if (accept(&at, characters))
			return true;
	return false;
}

/*
 * Reads the next line of a processor, or text around the dump, which does no harm.  A line that
 * lost its beginning is no such text.
 */
static void read_line(struct scan *s, struct cpuid_set *set)
{
	struct scan next = *s;

	skip_marks(&next);
	if (line_has(&next, "vendor_id = \""))
		scan_fail(s, ERR_CPUID_DECODED);
	else if (accept(&next, "0x") || line_has(&next, "eax="))
		read_leaf(s, set);
	else
		skip_line(s);
}

static void read_processor(struct scan *s, struct report *r)
{
	static const struct control unknown;
	const struct scan header = *s;
	struct cpuid_set set;
	uint64_t number, other;
	enum err err = ERR_NONE;

	read_header(s, &number);
	set.count = 0;
	for (struct scan next = *s; !scan_done(s) && !read_header(&next, &other); next = *s)
		read_line(s, &set);
	if (s->err != ERR_NONE)
		return;
	cpuid_drop_echoes(&set);
	if (number > REPORT_NUMBER_MAX)
		err = ERR_DECIMAL;
	else if (r->processors && number <= r->processor[r->processors - 1].number)
		err = ERR_LIST_ORDER;
	else if (set.count == 0)
		err = ERR_NO_LEAVES;
	else if (!report_add(r, (uint16_t)number, &unknown, &set))
		err = r->cut & CUT_KINDS ? ERR_MANY_KINDS : ERR_MANY_CPUS;
	if (err != ERR_NONE) {
		*s = header;
		scan_fail(s, err);
	}
}

/* Moves to the first processor, past what a mail has before it. */
static bool find_header(struct scan *s)
{
	uint64_t number;

	while (s->at < s->end) {
		struct scan next = *s;

		if (read_header(&next, &number))
			return true;
		skip_line(s);
	}
	return false;
}

enum err cpuid_r_read(struct report *r, const char *text, size_t size, struct where *reterr_where)
{
	struct scan s;

	report_start(r);
	scan_start(&s, text, size);
	const struct scan first = s;
	if (size == 0) {
		s.err = ERR_EMPTY;
	} else if (!find_header(&s)) {
		s = first;
		scan_fail(&s, ERR_NOT_CPUID_R);
	}
	while (!scan_done(&s))
		read_processor(&s, r);
	*reterr_where = s.where;
	return s.err;
}

bool cpuid_r_is(const char *text, size_t size)
{
	struct scan s;
	uint64_t number;

	scan_start(&s, text, size);
	if (!find_header(&s) || !read_header(&s, &number))
		return false;
	skip_marks(&s);
	return accept(&s, "0x") || line_has(&s, "vendor_id = \"");
}
