/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"
#include "input/json.h"

/*
 * Reads 32 bits, bit 31 first, with ':' between: "0000:0000:----:...".  '-' is unknown, and what is
 * not there too (vSphere API, HostCpuIdInfo).
 */
static bool read_bits(struct cpuid_leaf *l, enum cpuid_reg reg, const char *at)
{
	uint32_t value = 0, known = 0;
	unsigned count = 0;

	for (; *at; at++) {
		if (*at == ':' || *at == ' ')
			continue;
		if (!strchr("01-xX", *at) || count++ == 32)
			return false;
		value = value << 1 | (*at == '1');
		known = known << 1 | (*at == '0' || *at == '1');
	}
	dump_know(l, reg, known, value);
	return count == 32;
}

/* Reads a register: bits, or a number as esxcli prints it. */
static bool read_register(struct cpuid_leaf *l, enum cpuid_reg reg, const char *at)
{
	char *end;

	if (strchr(at, ':'))
		return read_bits(l, reg, at);
	const unsigned long long number = strtoull(at, &end, 0);
	if (!*at || *end || number > UINT32_MAX)
		return false;
	dump_know(l, reg, UINT32_MAX, (uint32_t)number);
	return true;
}

static const char *const registers[CPUID_REGS] = { "eax", "ebx", "ecx", "edx" };

/* The lists of an object of the API, and which of them is the host's. */
struct lists {
	struct dump *d;
	bool any; /* also those of a package, or of what the hypervisor supports */
	size_t found;
};

static bool is_leaf(const json_t *value)
{
	const json_t *level = json_member(value, "level");
	const char *bits = json_string_value(json_member(value, "eax"));

	bits = bits ? bits : json_string_value(json_member(value, "ecx"));
	return json_is_integer(level) && bits && strchr(bits, ':');
}

static bool take_leaf(struct dump *d, const json_t *value)
{
	const json_int_t level = json_integer_value(json_member(value, "level"));
	char message[96];

	if (level < INT32_MIN || level > UINT32_MAX)
		return dump_fail(d, NULL, "level: expected a number of 32 bits");
	struct cpuid_leaf *l = dump_unknown(d, (uint32_t)level, 0);
	for (unsigned reg = 0; l && reg < CPUID_REGS; reg++) {
		const char *bits = json_string_value(json_member(value, registers[reg]));

		if (!bits || read_bits(l, (enum cpuid_reg)reg, bits))
			continue;
		snprintf(message, sizeof(message),
		         "%s of level %x: expected 32 of 0, 1 and -, with ':' between",
		         registers[reg], (unsigned)level);
		return dump_fail(d, NULL, message);
	}
	return l != NULL;
}

static bool take_list(struct lists *lists, const json_t *list)
{
	json_t *item;
	size_t i;

	if (lists->found++) {
		if (lists->any)
			return true; /* another package of the same host */
		return dump_fail(lists->d, NULL, "the features of several hosts; print one host");
	}
	json_array_foreach(list, i,
	                   item) if (is_leaf(item) && !take_leaf(lists->d, item)) return false;
	return true;
}

/* Looks for lists of leaves in a value and in all that is in it. */
static bool find_lists(struct lists *lists, const json_t *value)
{
	const char *key;
	json_t *item;
	size_t i;

	if (is_leaf(json_array_get(value, 0)))
		return take_list(lists, value);
	json_array_foreach(value, i, item) if (!find_lists(lists, item)) return false;
	json_object_foreach((json_t *)value, key, item)
	{
		const bool other = strcasecmp(key, "cpuPkg") == 0 ||
		                   strcasecmp(key, "supportedCpuFeature") == 0;

		if ((lists->any || !other) && !find_lists(lists, item))
			return false;
	}
	return true;
}

static void read_json(struct dump *d, const json_t *root)
{
	struct lists lists = { .d = d };

	if (is_leaf(root)) {
		take_leaf(d, root);
		return;
	}
	if (!find_lists(&lists, root) || lists.found)
		return;
	lists.any = true;
	if (find_lists(&lists, root) && !lists.found)
		dump_fail(d, NULL,
		          "without features of a CPU (was it printed with ConvertTo-Json "
		          "-Depth 5?)");
}

/* "Eax : 0000:0000:..." after "Level : 1": what PowerShell and esxcli print as text. */
static bool read_line(struct dump *d, struct cpuid_leaf **l)
{
	const char *at = d->line;
	char *end;

	for (unsigned reg = 0; reg < CPUID_REGS; reg++, at = d->line)
		if (dump_word(&at, registers[reg]) && strspn(at, " \t") < strlen(at) &&
		    at[strspn(at, " \t")] == ':') {
			at += strspn(at, " \t") + 1;
			dump_blanks(&at);
			if (!*l)
				return dump_fail(d, d->line, "expected Level first");
			return !*at || read_register(*l, (enum cpuid_reg)reg, at) ||
			       dump_fail(d, at, "expected 32 of 0, 1 and -, or a number");
		}
	if (!dump_word(&at, "Level"))
		return true;
	dump_blanks(&at);
	if (*at++ != ':')
		return true;
	const long long level = strtoll(at, &end, 0);
	if (*end || level < INT32_MIN || level > UINT32_MAX)
		return dump_fail(d, at, "expected a number of 32 bits");
	*l = dump_unknown(d, (uint32_t)level, 0);
	return *l != NULL;
}

static bool has_bits(const struct bytes *b)
{
	static const char digits[] = "01-";

	for (const char *at = b->at; b->size >= 39 && at <= b->at + b->size - 39; at++) {
		unsigned i = 0;

		while (i < 39 && (i % 5 == 4 ? at[i] == ':' : at[i] && strchr(digits, at[i])))
			i++;
		if (i == 39)
			return true;
	}
	return false;
}

bool vsphere_is(const struct bytes *b)
{
	const bool level = memmem(b->at, b->size, "evel", 4) != NULL;

	return level && (has_bits(b) || (memmem(b->at, b->size, "Level:", 6) != NULL &&
	                                 memmem(b->at, b->size, "EAX:", 4) != NULL));
}

bool vsphere_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);
	struct cpuid_leaf *l = NULL;

	json_plain(b);
	if (json_begins(b) || memmem(b->at, b->size, "(vim.", 5)) {
		json_t *root = json_parse(path, b);

		if (root)
			read_json(d, root);
		else
			d->failed = true;
		json_decref(root);
	} else {
		d->end = b->at + b->size;
		while (dump_line(d) && read_line(d, &l))
			;
	}
	return dump_end(d);
}
