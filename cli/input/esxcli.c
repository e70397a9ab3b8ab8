/* SPDX-License-Identifier: MIT */
#include "input/esxcli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/json.h"

/* Prints what is wrong with an entry, counted from 1.  Returns false. */
__attribute__((format(printf, 3, 4))) static bool fail(const char *path, size_t entry,
                                                       const char *format, ...)
{
	char cause[128], message[192];
	va_list list;

	va_start(list, format);
	vsnprintf(cause, sizeof(cause), format, list);
	va_end(list);
	snprintf(message, sizeof(message), "entry %zu: %s", entry, cause);
	trouble(path, message);
	return false;
}

/* Reads a member that is a number of 32 bits; the vSphere API has leaves as signed numbers. */
static bool read_number(const json_t *item, const char *key, uint32_t *ret)
{
	const json_t *value = json_member(item, key);
	const json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < INT32_MIN || number > UINT32_MAX)
		return false;
	*ret = (uint32_t)number;
	return true;
}

static bool read_entry(struct cpuid_set *set, const char *path, size_t entry, const json_t *item)
{
	static const char *const names[CPUID_REGS] = { "EAX", "EBX", "ECX", "EDX" };
	struct cpuid_leaf l = { .subleaf = 0 };

	if (!json_is_object(item))
		return fail(path, entry, "expected an object with Level, EAX, EBX, ECX and EDX");
	if (!read_number(item, "Level", &l.leaf))
		return fail(path, entry, "Level: expected a number of 32 bits");
	if (l.leaf >= CPUID_MSR)
		return fail(path, entry, "level %x: CPUID has no such leaf", (unsigned)l.leaf);
	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (!read_number(item, names[reg], &l.reg[reg]))
			return fail(path, entry, "%s of level %x: expected a number of 32 bits",
			            names[reg], (unsigned)l.leaf);
	const struct cpuid_leaf *same = cpuid_find(set, l.leaf, 0);
	if (same && memcmp(same, &l, sizeof(l)) == 0)
		return true;
	if (same)
		return fail(path, entry, "level %x: %s", (unsigned)l.leaf,
		            err_text(ERR_LEAF_TWICE));
	struct cpuid_leaf *own = cpuid_insert(set, l.leaf, 0);
	if (!own)
		return fail(path, entry, "%s", err_text(ERR_MANY_LEAVES));
	*own = l;
	return true;
}

static bool read_list(struct cpuid_set *set, const char *path, const json_t *list)
{
	const json_t *item;

	for (size_t i = 0; (item = json_element(list, i)); i++)
		if (!read_entry(set, path, i + 1, item))
			return false;
	cpuid_drop_echoes(set);
	if (set->count == 0)
		trouble(path, err_text(ERR_NO_LEAVES));
	return set->count > 0;
}

bool esxcli_is(const struct bytes *b)
{
	return json_begins(b) && memmem(b->at, b->size, "\"Level\"", 7) != NULL;
}

bool esxcli_read(struct report *r, const char *path, struct bytes *b)
{
	static const struct control unknown;
	struct cpuid_set set = { .count = 0 };
	json_t *root = json_parse(path, b);

	if (!root)
		return false;
	report_start(r);
	const bool ok = read_list(&set, path, root) && report_add(r, 0, &unknown, &set);
	json_decref(root);
	return ok;
}
