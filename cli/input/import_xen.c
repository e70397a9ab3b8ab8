/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"
#include "table/msr.h"

#define NO_SUBLEAF 0xffffffffU

/* "00000007:00000000 -> 00000000:029c6fbf:00000000:00000000" (Xen tools/misc/xen-cpuid.c, 4.20). */
static bool read_leaf(struct dump *d, const char *at)
{
	struct cpuid_leaf l = { .leaf = 0 };

	if (!dump_hex(&at, &l.leaf) || *at++ != ':' || !dump_hex(&at, &l.subleaf) ||
	    !dump_word(&at, " -> ") || !dump_registers(&at, l.reg, ":") || *at)
		return dump_fail(d, at, "expected LEAF:SUBLEAF -> EAX:EBX:ECX:EDX");
	l.subleaf = l.subleaf == NO_SUBLEAF ? 0 : l.subleaf;
	return dump_leaf(d, &l);
}

/* "000000ce -> 0000000080000000" */
static bool read_msr(struct dump *d, const char *at)
{
	struct control *c = &d->control;
	uint32_t number, high, low;
	char halves[2][9] = { "", "" };

	if (!dump_hex(&at, &number) || !dump_word(&at, " -> ") || strlen(at) != 16)
		return dump_fail(d, at, "expected INDEX -> VALUE");
	memcpy(halves[0], at, 8);
	memcpy(halves[1], at + 8, 8);
	const char *first = halves[0], *second = halves[1];
	if (!dump_hex(&first, &high) || !dump_hex(&second, &low) || *first || *second)
		return dump_fail(d, at, "expected INDEX -> VALUE");
	if (!*msr_name(number) || c->msrs == CONTROL_MSRS_MAX ||
	    (c->msrs && c->msr[c->msrs - 1].number >= number))
		return true;
	c->msr[c->msrs++] = (struct control_msr){ number, { true, (uint64_t)high << 32 | low } };
	return true;
}

/* Finds the policy Raw and reads it up to the next one. */
static bool read_raw(struct dump *d)
{
	bool raw = false, found = false, msrs = false;

	while (dump_line(d)) {
		const bool title = strstr(d->line, " policy: ") != NULL;

		if (title && found)
			break;
		raw = title ? strncmp(d->line, "Raw policy: ", 12) == 0 : raw;
		found = found || raw;
		if (strncmp(d->line, "MSRs:", 5) == 0)
			msrs = true;
		if (!raw || !strstr(d->line, " -> ") || strstr(d->line, " -> eax") ||
		    strstr(d->line, " -> value"))
			continue;
		if (!(msrs ? read_msr : read_leaf)(d, d->line))
			return false;
	}
	if (!found && !d->failed)
		return dump_fail(d, NULL,
		                 "without the policy Raw; the others are what Xen gives to guests");
	return !d->failed;
}

bool xen_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "leaf     subleaf  -> eax", 24) != NULL;
}

bool xen_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);

	/* xen-cpuid leaves out what is zero; leaves after those that Xen knows are not in it. */
	d->complete = d->to_last = true;
	read_raw(d);
	return dump_end(d);
}
