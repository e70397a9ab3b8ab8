/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"
#include "input/json.h"
#include "table/msr.h"

static bool fail(struct dump *d, size_t entry, const char *message)
{
	char text[160];

	snprintf(text, sizeof(text), "cpuid_modifiers, entry %zu: %s", entry + 1, message);
	return dump_fail(d, NULL, text);
}

static bool read_number(const json_t *object, const char *key, uint32_t *ret)
{
	const char *at = json_string_value(json_member(object, key));

	return at && dump_hex(&at, ret) && !*at;
}

/*
 * Reads a bitmap of at most bits digits, bit 0 last: 0, 1, or x, which leaves the host's; '_' may
 * be between them (Firecracker docs/cpu_templates/cpu-templates.md).
 */
static bool read_bitmap(const char *at, unsigned bits, uint64_t *value, uint64_t *known)
{
	unsigned count = 0;

	*value = *known = 0;
	if (!at || strncmp(at, "0b", 2) != 0)
		return false;
	for (at += 2; *at; at++) {
		if (*at == '_')
			continue;
		if (!strchr("01x", *at) || count++ == bits)
			return false;
		*value = *value << 1 | (*at == '1');
		*known = *known << 1 | (*at != 'x');
	}
	return count > 0;
}

static bool read_register(struct dump *d, size_t entry, struct cpuid_leaf *l, const json_t *item)
{
	const char *name = json_string_value(json_member(item, "register"));
	uint64_t value, known;

	if (!read_bitmap(json_string_value(json_member(item, "bitmap")), 32, &value, &known))
		return fail(d, entry, "expected a bitmap such as 0b0000x1");
	for (unsigned reg = 0; name && reg < CPUID_REGS; reg++)
		if (strcmp(name, cpuid_register((enum cpuid_reg)reg)) == 0) {
			dump_know(l, (enum cpuid_reg)reg, (uint32_t)known, (uint32_t)value);
			return true;
		}
	return fail(d, entry, "expected a register eax, ebx, ecx or edx");
}

static bool read_leaf(struct dump *d, size_t entry, const json_t *item)
{
	const json_t *list = json_member(item, "modifiers"), *modifier;
	uint32_t leaf, subleaf;
	bool ok = true;

	if (!read_number(item, "leaf", &leaf) || !read_number(item, "subleaf", &subleaf))
		return fail(d, entry, "expected leaf and subleaf such as \"0x7\"");
	struct cpuid_leaf *l = dump_unknown(d, leaf, subleaf);
	if (!l)
		return false;
	for (size_t i = 0; ok && (modifier = json_element(list, i)); i++)
		ok = read_register(d, entry, l, modifier);
	return ok;
}

/* Takes the registers of which every bit is said. */
static void read_msr(struct dump *d, const json_t *item)
{
	struct control *c = &d->control;
	uint64_t value, known;
	uint32_t number;

	if (read_number(item, "addr", &number) && *msr_name(number) &&
	    read_bitmap(json_string_value(json_member(item, "bitmap")), 64, &value, &known) &&
	    known == UINT64_MAX && c->msrs < CONTROL_MSRS_MAX &&
	    !(c->msrs && c->msr[c->msrs - 1].number >= number))
		c->msr[c->msrs++] = (struct control_msr){ number, { true, value } };
}

static bool read_root(struct dump *d, const json_t *root)
{
	const json_t *config = json_member(root, "guest_cpu_config"), *item;
	const json_t *leaves = json_member(config ? config : root, "cpuid_modifiers");
	const json_t *msrs = json_member(config ? config : root, "msr_modifiers");
	bool ok = true;

	if (!leaves)
		return dump_fail(d, NULL, "without cpuid_modifiers");
	for (size_t i = 0; ok && (item = json_element(leaves, i)); i++)
		ok = read_leaf(d, i, item);
	for (size_t i = 0; ok && msrs && (item = json_element(msrs, i)); i++)
		read_msr(d, item);
	return ok;
}

bool firecracker_is(const struct bytes *b)
{
	return json_begins(b) && memmem(b->at, b->size, "\"cpuid_modifiers\"", 17) != NULL;
}

bool firecracker_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);
	json_t *root = json_parse(path, b);

	if (!root)
		d->failed = true;
	else
		read_root(d, root);
	json_decref(root);
	return dump_end(d);
}
