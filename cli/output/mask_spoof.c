/* SPDX-License-Identifier: MIT */
#include "output/mask_spoof.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "output/print.h"

/* A string of CPUID: the registers with its characters, in order. */
struct string {
	const char *name;
	size_t registers;
	struct place at[12];
};

#define REGISTER(leaf, reg)         \
	{                           \
		leaf, 0, reg, 0, 31 \
	}
#define LEAF(leaf) \
	REGISTER(leaf, EAX), REGISTER(leaf, EBX), REGISTER(leaf, ECX), REGISTER(leaf, EDX)

static const struct string strings[] = {
	{ "vendor", 3, { REGISTER(0, EBX), REGISTER(0, EDX), REGISTER(0, ECX) } },
	{ "brand string", 12, { LEAF(0x80000002), LEAF(0x80000003), LEAF(0x80000004) } },
};

/* Returns the bits that a line sets to 0 or to 1. */
static uint32_t set_bits(const struct mask_line *l)
{
	return mask_line_hidden(l) | mask_line_forced(l);
}

static bool sets_register(const struct mask_line *l)
{
	return set_bits(l) == UINT32_MAX;
}

/* Returns the first line for a register, with the suffix of another line, that sets any bits. */
static const struct mask_line *find(const struct mask_lines *lines, const struct place *at,
                                    enum mask_vendor vendor)
{
	const struct mask_line *l = mask_line_first(lines, at, vendor);

	while (l && !set_bits(l))
		l = mask_line_next(lines, l);
	return l;
}

/* Appends four characters; '?' for one that is not set as a whole. */
static char *put_characters(char *to, const struct mask_line *l)
{
	for (unsigned i = 0; i < 4; i++) {
		const uint32_t byte = 0xffU << 8 * i;
		const bool whole = l && (set_bits(l) & byte) == byte;

		*to++ = '?';
		if (whole)
			to[-1] = (char)((mask_line_forced(l) & byte) >> 8 * i);
	}
	return to;
}

/* Puts a string into words at the first of its lines; at the others, where it is. */
static void string_words(char *words, size_t size, const struct mask_lines *lines,
                         const struct mask_line *l, const struct string *s)
{
	char characters[12 * 4 + 1], text[PRINTABLE_MAX], *to = characters;
	const struct mask_line *first = l;

	for (size_t i = 0; i < s->registers; i++) {
		const struct mask_line *part = find(lines, &s->at[i], l->vendor);

		first = part && part < first ? part : first;
		to = put_characters(to, part);
	}
	*to = '\0';
	if (first == l)
		snprintf(words, size, "%s \"%s\"", s->name,
		         printable(text, sizeof(text), characters));
	else
		snprintf(words, size, "a part of the %s of line %zu", s->name, first->line);
}

/* Returns the string of which a register is a part, or NULL. */
static const struct string *string_of(const struct place *at)
{
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		for (size_t k = 0; k < strings[i].registers; k++)
			if (place_same_register(&strings[i].at[k], at))
				return &strings[i];
	return NULL;
}

bool mask_spoof_words(char *words, size_t size, const struct mask_lines *lines,
                      const struct mask_line *l)
{
	const struct string *s = string_of(&l->at);
	const uint32_t value = mask_line_forced(l);
	const struct cpuid_set set = { 1, { { .leaf = 1, .reg = { value } } } };

	if (s && value) {
		string_words(words, size, lines, l, s);
		return true;
	}
	if (!sets_register(l) || !value || l->at.reg != EAX)
		return false;
	if (l->at.leaf == 1)
		snprintf(words, size, "family %u, model %u (%XH), stepping %u",
		         (unsigned)cpuid_family(&set), (unsigned)cpuid_model(&set),
		         (unsigned)cpuid_model(&set), (unsigned)(value & 0xf));
	else if (l->at.leaf == 0 || l->at.leaf == 0x80000000)
		snprintf(words, size, "highest leaf %XH", (unsigned)value);
	else
		return false;
	return true;
}

/* Appends the names of the fields of a register that are not 0, or of the bits that are 0. */
static void list_rows(char *list, size_t size, const struct mask_line *l, bool zero)
{
	const uint32_t value = mask_line_forced(l);

	for (unsigned low = 0, high; low < 32; low = high + 1) {
		const enum feature_id id = feature_at(l->at.leaf, l->at.subleaf, l->at.reg, low);
		const uint32_t bits = id == F_NONE ? 1U << low : feature_mask(id);
		const size_t used = strlen(list);

		high = id == F_NONE ? low : features[id].high;
		if (!(value & bits) != zero || (zero && (id == F_NONE || low != high)))
			continue;
		if (id == F_NONE)
			snprintf(list + used, size - used, "%s<%u>", used ? ", " : "", low);
		else if (low == high)
			snprintf(list + used, size - used, "%s%s", used ? ", " : "",
			         feature_name(id));
		else
			snprintf(list + used, size - used, "%s%s=%u", used ? ", " : "",
			         feature_name(id), (unsigned)((value & bits) >> low));
	}
}

static void print_register(const struct mask_line *l)
{
	char list[32 * 64] = "";

	printf("  sets all 32 bits: %08x\n", (unsigned)mask_line_forced(l));
	list_rows(list, sizeof(list), l, false);
	print_wrapped(4, "shows", list, ',');
	*list = '\0';
	list_rows(list, sizeof(list), l, true);
	print_wrapped(4, "hides", list, ',');
}

bool mask_spoof_print(const struct mask_lines *lines, const struct mask_line *l)
{
	char words[PRINTABLE_MAX];

	if (mask_spoof_words(words, sizeof(words), lines, l))
		printf("  %s\n", words);
	else if (sets_register(l) && mask_line_forced(l))
		print_register(l);
	else
		return false;
	return true;
}
