/* SPDX-License-Identifier: MIT */
#include "input/name.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "output/print.h"
#include "table/feature_find.h"

#define OFFERED 5

static void offer(char *line, size_t size, const enum feature_id *ids, size_t count)
{
	for (size_t i = 0; i < count && i < OFFERED; i++) {
		const size_t used = strlen(line);
		char place[PLACE_MAX];

		snprintf(line + used, size - used, "%s%s (%s)", i ? ", " : "", feature_name(ids[i]),
		         print_row_place(place, ids[i]));
	}
}

void name_unknown(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_nearest(name, ids, OFFERED);
	char line[512] = "no feature of this name";

	if (count)
		strcat(line, "; nearest: ");
	offer(line, sizeof(line), ids, count);
	trouble(name, line);
}

static enum feature_id find_feature(const char *name)
{
	enum feature_id ids[OFFERED];
	const size_t count = feature_find(name, ids, OFFERED);
	char line[512] = "more than one feature goes by this name: ";

	if (count == 1)
		return ids[0];
	if (count == 0) {
		name_unknown(name);
	} else {
		offer(line, sizeof(line), ids, count);
		const size_t used = strlen(line);
		if (count > OFFERED)
			snprintf(line + used, sizeof(line) - used, " and %zu more",
			         count - OFFERED);
		trouble(name, line);
	}
	return F_NONE;
}

/* Takes a number of at most so many digits; a longer one is left for what follows to stumble on. */
static bool take_number(const char **at, int base, int digits, uint32_t *ret_number)
{
	uint32_t number = 0;
	int count = 0;

	for (; count < digits && isxdigit((unsigned char)**at); count++, (*at)++) {
		const char digit[2] = { **at, '\0' };
		const uint32_t value = (uint32_t)strtoul(digit, NULL, 16);

		if (value >= (uint32_t)base)
			return false;
		number = number * (uint32_t)base + value;
	}
	*ret_number = number;
	return count > 0;
}

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool take_register(const char **at, enum cpuid_reg *ret_reg)
{
	static const char *const name[CPUID_REGS] = { "eax[", "ebx[", "ecx[", "edx[" };

	for (unsigned reg = 0; reg < CPUID_REGS; reg++)
		if (strncasecmp(*at, name[reg], 4) == 0) {
			*at += 4;
			*ret_reg = (enum cpuid_reg)reg;
			return true;
		}
	return false;
}

/* Reads "7.0.EDX[5]", "1.EBX[31:24]", as print_place writes and with what may stand around it. */
static bool read_place(const char *name, struct place *at)
{
	uint32_t high, low;
	const char *s = name;
	const bool angle = take(&s, '<');

	if (strncasecmp(s, "cpuid.", 6) == 0)
		s += 6;
	at->subleaf = 0;
	if (!take_number(&s, 16, 8, &at->leaf) || !take(&s, '.'))
		return false;
	if (!take_register(&s, &at->reg) && (!take_number(&s, 16, 8, &at->subleaf) ||
	                                     !take(&s, '.') || !take_register(&s, &at->reg)))
		return false;
	if (!take_number(&s, 10, 2, &high))
		return false;
	low = high;
	if (take(&s, ':') && !take_number(&s, 10, 2, &low))
		return false;
	if (!take(&s, ']') || (angle && !take(&s, '>')) || *s || high > 31 || low > high)
		return false;
	at->low = low;
	at->high = high;
	at->id = feature_at(at->leaf, at->subleaf, at->reg, low);
	return true;
}

bool name_is_place(const char *name)
{
	return strpbrk(name, "<>[]") != NULL;
}

bool name_place(const char *name, struct place *ret_place)
{
	struct place at;

	if (!name_is_place(name)) {
		at = place_of(find_feature(name));
		*ret_place = at;
		return at.id != F_NONE;
	}
	if (!read_place(name, &at)) {
		trouble(name, "a bit is written LEAF.REGISTER[BIT] or LEAF.SUBLEAF.REGISTER[BIT], "
		              "like 7.0.EDX[6]");
		return false;
	}
	const struct feature *f = &features[at.id];
	if (at.low != at.high && (at.id == F_NONE || f->low != at.low || f->high != at.high)) {
		trouble(name, "no field of the table has just these bits; one bit can be named "
		              "without being in the table");
		return false;
	}
	if (at.id != F_NONE) {
		at.low = f->low;
		at.high = f->high;
	}
	*ret_place = at;
	return true;
}
