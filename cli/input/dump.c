/* SPDX-License-Identifier: MIT */
#include "input/dump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "cli.h"

struct dump *dump_start(struct report *r, const char *path, const struct bytes *b)
{
	struct dump *d = allocate(sizeof(*d));

	d->path = path;
	d->r = r;
	d->at = b->at;
	d->end = b->at + b->size;
	report_start(r);
	return d;
}

bool dump_fail(struct dump *d, const char *at, const char *message)
{
	struct where where = d->where;

	if (at)
		where.column = (size_t)(at - d->line) + 1;
	if (!d->failed && where.line)
		trouble_place(d->path, &where, message);
	else if (!d->failed)
		trouble(d->path, message);
	d->failed = true;
	return false;
}

/* Takes one line out of what has not been read. */
static bool next_line(struct dump *d)
{
	const char *end = memchr(d->at, '\n', (size_t)(d->end - d->at));
	const char *after = end ? end + 1 : d->end;

	end = end ? end : d->end;
	d->where.line++;
	d->where.column = 1;
	while (end > d->at && (end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
		end--;
	while (d->at < end && strchr("> |\t", *d->at))
		d->at++;
	const size_t size = (size_t)(end - d->at);
	if (size >= sizeof(d->line)) {
		d->line[0] = '\0';
		return dump_fail(d, NULL, "the line is too long (limit: 16383 bytes)");
	}
	memcpy(d->line, d->at, size);
	d->line[size] = '\0';
	d->at = after;
	return true;
}

bool dump_line(struct dump *d)
{
	while (!d->failed && d->at < d->end)
		if (next_line(d) && *d->line)
			return true;
	return false;
}

/* Leaves beyond the last one of their range: Intel's processors repeat another leaf there. */
static void drop_beyond(struct cpuid_set *set)
{
	const struct cpuid_leaf *basic = cpuid_find(set, 0, 0);
	const struct cpuid_leaf *extended = cpuid_find(set, 0x80000000, 0);
	const uint32_t last = basic && !basic->unknown[EAX] ? basic->reg[EAX] : UINT32_MAX;
	const uint32_t last_extended =
		extended && !extended->unknown[EAX] ? extended->reg[EAX] : UINT32_MAX;
	size_t kept = 0;

	for (size_t i = 0; i < set->count; i++) {
		const uint32_t leaf = set->at[i].leaf;

		if ((leaf <= 0xffff && leaf > last) ||
		    (leaf > 0x80000000 && leaf <= 0x8000ffff && leaf > last_extended))
			continue;
		set->at[kept++] = set->at[i];
	}
	set->count = kept;
	cpuid_drop_echoes(set);
}

/* Returns the last leaf of a range in a set, or first - 1. */
static uint32_t last_in(const struct cpuid_set *set, uint32_t first)
{
	uint32_t last = first - 1;

	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		if (l->leaf >= first && l->leaf <= first + 0xffff)
			last = l->leaf;
	return last;
}

/* Adds the leaves that are zero. */
static bool complete(struct dump *d)
{
	static _Thread_local struct cpuid_set whole;
	const uint32_t basic = last_in(&d->set, 0), extended = last_in(&d->set, 0x80000000);
	size_t kept = 0;

	if (!cpuid_complete(&whole, &d->set))
		return dump_fail(d, NULL, err_text(ERR_MANY_LEAVES));
	for (size_t i = 0; i < whole.count; i++) {
		const uint32_t leaf = whole.at[i].leaf;

		if (!d->to_last || leaf <= basic || (leaf >= 0x80000000 && leaf <= extended) ||
		    cpuid_find(&d->set, leaf, whole.at[i].subleaf))
			whole.at[kept++] = whole.at[i];
	}
	whole.count = kept;
	d->set = whole;
	return true;
}

static void exec_set(void *ctx, uint32_t leaf, uint32_t subleaf, uint32_t reg[CPUID_REGS])
{
	for (unsigned i = 0; i < CPUID_REGS; i++)
		reg[i] = cpuid_value(ctx, leaf, subleaf, (enum cpuid_reg)i);
}

/* Drops subleaves that nobody would ask for. */
static void trim(struct dump *d)
{
	static _Thread_local struct cpuid_set asked;
	size_t kept = 0;

	cpuid_collect(&asked, exec_set, &d->set);
	for (size_t i = 0; i < d->set.count; i++) {
		const struct cpuid_leaf *l = &d->set.at[i];

		if (l->subleaf == 0 || cpuid_find(&asked, l->leaf, l->subleaf))
			d->set.at[kept++] = *l;
	}
	d->set.count = kept;
}

static bool add_processor(struct dump *d)
{
	d->open = false;
	if (!d->exact)
		drop_beyond(&d->set);
	if (d->set.count == 0)
		return dump_fail(d, NULL, err_text(ERR_NO_LEAVES));
	if (d->trim)
		trim(d);
	if (d->complete && cpuid_find(&d->set, 0, 0) && !complete(d))
		return false;
	if (report_add(d->r, d->number, &d->control, &d->set))
		return true;
	return dump_fail(d, NULL, err_text(d->r->cut & CUT_KINDS ? ERR_MANY_KINDS : ERR_MANY_CPUS));
}

bool dump_processor(struct dump *d, unsigned long number)
{
	const struct where here = d->where;

	if (d->open) {
		d->where = d->began;
		if (!add_processor(d))
			return false;
		d->where = here;
	}
	if (number > REPORT_NUMBER_MAX)
		return dump_fail(d, NULL, "no processor has such a number (limit: 65535)");
	if (d->r->processors && number <= d->r->processor[d->r->processors - 1].number)
		return dump_fail(d, NULL, err_text(ERR_LIST_ORDER));
	d->number = (uint16_t)number;
	d->open = true;
	d->began = here;
	d->control = (struct control){ .msrs = 0 };
	d->set.count = 0;
	return true;
}

static struct cpuid_leaf *find_or_add(struct dump *d, uint32_t leaf, uint32_t subleaf,
                                      bool *ret_new)
{
	if (!d->open && !dump_processor(d, 0))
		return NULL;
	*ret_new = !cpuid_find(&d->set, leaf, subleaf);
	if (leaf >= CPUID_MSR || subleaf > 0xff) {
		dump_fail(d, NULL, "CPUID has no such leaf or subleaf");
		return NULL;
	}
	struct cpuid_leaf *l = cpuid_insert(&d->set, leaf, subleaf);
	if (!l)
		dump_fail(d, NULL, err_text(ERR_MANY_LEAVES));
	return l;
}

bool dump_leaf(struct dump *d, const struct cpuid_leaf *l)
{
	bool new;
	struct cpuid_leaf *own = find_or_add(d, l->leaf, l->subleaf, &new);

	if (!own)
		return false;
	if (!new &&memcmp(own, l, sizeof(*l)) != 0)
		return dump_fail(d, NULL, err_text(ERR_LEAF_TWICE));
	*own = *l;
	return true;
}

struct cpuid_leaf *dump_unknown(struct dump *d, uint32_t leaf, uint32_t subleaf)
{
	bool new;
	struct cpuid_leaf *l = find_or_add(d, leaf, subleaf, &new);

	for (unsigned reg = 0; l && new &&reg < CPUID_REGS; reg++)
		l->unknown[reg] = UINT32_MAX;
	return l;
}

void dump_know(struct cpuid_leaf *l, enum cpuid_reg reg, uint32_t mask, uint32_t value)
{
	l->unknown[reg] &= ~mask;
	l->reg[reg] = (l->reg[reg] & ~mask) | (value & mask);
}

bool dump_end(struct dump *d)
{
	if (!d->failed && d->open) {
		d->where = d->began;
		add_processor(d);
	} else if (!d->failed) {
		d->where.line = 0;
		dump_fail(d, NULL, err_text(ERR_NO_LEAVES));
	}
	const bool ok = !d->failed;
	free(d);
	return ok;
}

bool dump_word(const char **at, const char *word)
{
	if (strncasecmp(*at, word, strlen(word)) != 0)
		return false;
	*at += strlen(word);
	return true;
}

void dump_blanks(const char **at)
{
	*at += strspn(*at, " \t");
}

bool dump_hex(const char **at, uint32_t *ret)
{
	size_t digits = 0;

	if ((*at)[0] == '0' && ((*at)[1] == 'x' || (*at)[1] == 'X'))
		*at += 2;
	while (isxdigit((unsigned char)(*at)[digits]))
		digits++;
	if (digits == 0 || digits > 8)
		return false;
	*ret = (uint32_t)strtoul(*at, NULL, 16);
	*at += digits;
	return true;
}

bool dump_decimal(const char **at, uint32_t max, uint32_t *ret)
{
	char *end;
	const unsigned long number = strtoul(*at, &end, 10);

	if (!ascii_digit(**at) || number > max)
		return false;
	*ret = (uint32_t)number;
	*at = end;
	return true;
}

bool dump_number(struct dump *d, const char *text, uint32_t *ret)
{
	const char *at = text;

	return (dump_decimal(&at, UINT32_MAX, ret) && !*at) ||
	       dump_fail(d, text, "expected a decimal number of at most 32 bits");
}

bool dump_registers(const char **at, uint32_t reg[CPUID_REGS], const char *between)
{
	for (unsigned i = 0; i < CPUID_REGS; i++) {
		*at += strspn(*at, between);
		if (!dump_hex(at, &reg[i]))
			return false;
	}
	return true;
}

static uint32_t bytes_of(const char *at)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 4; i++)
		value |= (uint32_t)(unsigned char)at[i] << 8 * i;
	return value;
}

bool dump_vendor(struct dump *d, const char *vendor)
{
	static const enum cpuid_reg order[] = { EBX, EDX, ECX };
	struct cpuid_leaf *l;

	/* Its blanks are part of it, and are lost at the end of a line. */
	if (strcmp(vendor, "Shanghai") == 0)
		vendor = "  Shanghai  ";
	if (strlen(vendor) != 12)
		return true; /* "unknown" */
	l = dump_unknown(d, 0, 0);
	for (unsigned i = 0; l && i < 3; i++)
		dump_know(l, order[i], UINT32_MAX, bytes_of(vendor + 4 * i));
	return l != NULL;
}

bool dump_signature(struct dump *d, unsigned long family, unsigned long model,
                    unsigned long stepping)
{
	const unsigned long base = family < 15 ? family : 15;
	struct cpuid_leaf *l;

	if (family > 15 + 0xff || model > 0xff || stepping > 0xf)
		return dump_fail(d, NULL, "no processor has such a family, model or stepping");
	l = dump_unknown(d, 1, 0);
	if (l)
		dump_know(l, EAX, 0x0fff0fff,
		          (uint32_t)((family - base) << 20 | (model & 0xf0) << 12 | base << 8 |
		                     (model & 0xf) << 4 | stepping));
	return l != NULL;
}

bool dump_brand(struct dump *d, const char *brand)
{
	char text[48] = "";

	memcpy(text, brand, strnlen(brand, sizeof(text) - 1));
	for (uint32_t i = 0; i < 12; i++) {
		struct cpuid_leaf *l = dump_unknown(d, 0x80000002 + i / 4, 0);

		if (!l)
			return false;
		dump_know(l, (enum cpuid_reg)(i % 4), UINT32_MAX, bytes_of(text + 4 * i));
	}
	return true;
}
