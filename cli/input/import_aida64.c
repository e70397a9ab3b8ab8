/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"
#include "table/msr.h"

/*
 * Headers of a processor's section.  AIDA64 and InstLatX64 count from 0, the reports of AIDA64 from
 * 1, but as "(CPU #1)".
 */
static const struct {
	const char *words;
	unsigned first;
} headers[] = {
	{ "CPUID Registers / Logical CPU #", 0 },
	{ "CPUID Registers (CPU #", 1 },
	{ "Logical CPU #", 0 },
	{ "CPU#", 0 },
};

/* Returns true if the line begins a processor.  *ret is its number, or -1 after a message. */
static bool is_header(struct dump *d, long *ret)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		const char *at = strstr(d->line, headers[i].words);

		if (!at || (headers[i].words[3] == '#' && !strstr(at, "AffMask")))
			continue;
		at += strlen(headers[i].words);
		const long number = strtol(at, NULL, 10) - (long)headers[i].first;
		*ret = number;
		if (*at < '0' || *at > '9' || number < 0) {
			dump_fail(d, at, "expected the number of a processor");
			*ret = -1;
		}
		return true;
	}
	return false;
}

/* Reads "[SL 0A]" out of the notes after a leaf. */
static bool read_subleaf(struct dump *d, const char *at, uint32_t *ret)
{
	*ret = 0;
	at = strstr(at, "[SL ");
	if (!at)
		return true;
	const char *digits = at + 4;
	return (dump_hex(&digits, ret) && *digits == ']') ||
	       dump_fail(d, at, "expected a subleaf such as [SL 0A]");
}

/* "CPUID 00000001: 000306C3-00100800-7FFAFBBF-BFEBFBFF [SL 00]", after "CPUID ". */
static bool read_leaf(struct dump *d, const char *at)
{
	struct cpuid_leaf l = { .leaf = 0 };

	if (!dump_hex(&at, &l.leaf) || *at != ':')
		return true; /* "CPUID Revision", "CPUID Manufacturer" */
	at++;
	if (!dump_registers(&at, l.reg, "- \t"))
		return dump_fail(d, at, "expected EAX-EBX-ECX-EDX in 8 hexadecimal digits each");
	if (!read_subleaf(d, at, &l.subleaf))
		return false;
	/* A leaf without a note that is here again: the next subleaf. */
	while (!strstr(at, "[SL ") && cpuid_has_subleaves(l.leaf) && d->open &&
	       cpuid_find(&d->set, l.leaf, l.subleaf))
		l.subleaf++;
	return dump_leaf(d, &l);
}

/*
 * "MSR 0000003A: 0000-0000-0000-0005", after "MSR ".  Registers that explain nothing here, and
 * those that could not be read, are left out.
 */
static void read_msr(struct dump *d, const char *at)
{
	struct control *c = &d->control;
	uint32_t number, part;
	uint64_t value = 0;

	if (!dump_hex(&at, &number) || *at++ != ':' || !*msr_name(number))
		return;
	if (c->msrs == CONTROL_MSRS_MAX || (c->msrs && c->msr[c->msrs - 1].number >= number))
		return;
	for (unsigned i = 0; i < 4; i++) {
		const char *before = at + strspn(at, " -");

		at = before;
		if (!dump_hex(&at, &part) || at - before != 4)
			return;
		value = value << 16 | part;
	}
	c->msr[c->msrs++] = (struct control_msr){ number, { true, value } };
}

static bool read_line(struct dump *d)
{
	const char *at = d->line;
	long number;

	if (is_header(d, &number))
		return number >= 0 && dump_processor(d, (unsigned long)number);
	if (dump_word(&at, "CPUID "))
		return read_leaf(d, at);
	if (d->open && dump_word(&at, "MSR "))
		read_msr(d, at);
	return !d->failed;
}

bool aida64_is(const struct bytes *b)
{
	const char *at = b->at;

	for (size_t left = b->size; (at = memmem(at, left, "CPUID ", 6)); at++) {
		left = (size_t)(b->at + b->size - at);
		if (left > 50 && at[14] == ':' && at[24] == '-' && at[33] == '-' && at[42] == '-')
			return true;
		left--;
	}
	return false;
}

bool aida64_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);

	while (dump_line(d) && read_line(d))
		;
	return dump_end(d);
}

/* Appends upper-case hexadecimal digits. */
static void write_upper(struct text *t, uint64_t value, unsigned digits)
{
	for (unsigned i = digits; i-- > 0;)
		text_bytes(t, &"0123456789ABCDEF"[value >> 4 * i & 0xf], 1);
}

static void write_leaf(struct text *t, const struct cpuid_leaf *l)
{
	text_put(t, "CPUID ");
	write_upper(t, l->leaf, 8);
	for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
		text_put(t, reg ? "-" : ": ");
		write_upper(t, l->reg[reg], 8);
	}
	if (l->subleaf || cpuid_has_subleaves(l->leaf)) {
		text_put(t, " [SL ");
		write_upper(t, l->subleaf, 2);
		text_put(t, "]");
	}
	text_put(t, "\r\n");
}

static void write_msr(struct text *t, const struct control_msr *m)
{
	text_put(t, "MSR ");
	write_upper(t, m->number, 8);
	for (unsigned i = 0; i < 4; i++) {
		text_put(t, i ? "-" : ": ");
		write_upper(t, m->value.value >> (48 - 16 * i) & 0xffff, 4);
	}
	text_put(t, "\r\n");
}

void aida64_write(struct text *t, const struct report *r, const char *host)
{
	static _Thread_local struct cpuid_set set;

	(void)host;
	text_put(t, "------[ Versions ]------\r\n\r\n");
	for (size_t i = 0; i < r->processors; i++) {
		const struct control *c = &r->kind[r->processor[i].kind].control;

		report_processor_set(r, i, &set);
		text_put(t, "------[ CPUID Registers / Logical CPU #");
		text_decimal(t, r->processor[i].number);
		text_put(t, " ]------\r\n\r\n");
		for (size_t k = 0; k < set.count; k++)
			write_leaf(t, &set.at[k]);
		for (size_t k = 0; k < c->msrs; k++)
			if (c->msr[k].value.known)
				write_msr(t, &c->msr[k]);
		text_put(t, "\r\n");
	}
}
