/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"

/* "EAX=0x00000001, EBX=0x...": leaf_print_raw of Linux tools/arch/x86/kcpuid/kcpuid.c (v6.16). */
static bool read_registers(struct dump *d, const char *at, uint32_t reg[CPUID_REGS])
{
	static const char *const names[CPUID_REGS] = { "EAX=", "EBX=", "ECX=", "EDX=" };

	for (unsigned i = 0; i < CPUID_REGS; i++) {
		at += strspn(at, " ,");
		if (!dump_word(&at, names[i]) || !dump_hex(&at, &reg[i]))
			return dump_fail(d, at,
			                 "expected EAX=0x..., EBX=0x..., ECX=0x..., EDX=0x...");
	}
	return true;
}

/* "0x00000007: subleafs:", then " 0: EAX=..."; or a leaf and its registers in one line. */
static bool read_line(struct dump *d, uint32_t *leaf)
{
	struct cpuid_leaf l = { .leaf = *leaf };
	const char *at = d->line;

	if (strncmp(at, "0x", 2) == 0) {
		if (!dump_hex(&at, leaf) || *at++ != ':')
			return dump_fail(d, at, "expected a leaf such as 0x00000007:");
		l.leaf = *leaf;
		if (strstr(at, "subleafs"))
			return true;
	} else if (strstr(at, "EAX=")) {
		dump_blanks(&at);
		if (!dump_decimal(&at, UINT32_MAX, &l.subleaf) || !dump_word(&at, ":"))
			return dump_fail(d, at, "expected a subleaf such as 1:");
	} else {
		return true;
	}
	return read_registers(d, at, l.reg) && dump_leaf(d, &l);
}

bool kcpuid_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "0x00000000: EAX=0x", 18) != NULL;
}

bool kcpuid_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);
	uint32_t leaf = 0;

	d->complete = true;
	while (dump_line(d) && read_line(d, &leaf))
		;
	return dump_end(d);
}
