/* SPDX-License-Identifier: MIT */
#include "output/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli.h"
#include "table/feature_setup.h"
#include "table/feature_unit.h"

#define COLUMNS 79

/* More than any word, and any item of a list. */
#define WORD_MAX 1024

const char *print_place(char string[static PLACE_MAX], const struct place *at)
{
	struct text t;

	text_start(&t, string, PLACE_MAX);
	place_write(&t, at);
	return text_string(&t);
}

const char *print_row_place(char string[static PLACE_MAX], enum feature_id id)
{
	const struct place at = feature_place(id);
	char *dot;

	print_place(string, &at);
	if (feature_subleaf(&features[id]) < FROM(0))
		return string;
	dot = strrchr(string, '.');
	memmove(dot + 1, dot, strlen(dot) + 1);
	*dot = '+';
	return string;
}

void print_identity(const struct cpuid_set *set)
{
	char vendor[13], brand[49], line[80];
	const char *b = brand;
	struct text t;

	cpuid_vendor(set, vendor);
	cpuid_brand(set, brand);
	while (*b == ' ')
		b++;
	text_start(&t, line, sizeof(line));
	text_printable(&t, vendor);
	text_put(&t, *b ? ", " : "");
	text_printable(&t, b);
	printf("    %s\n", text_string(&t));
	printf("    signature %08" PRIx32 ": family %" PRIu32 ", model %" PRIu32
	       ", stepping %" PRIu32 "\n",
	       cpuid_value(set, 1, 0, EAX), cpuid_family(set), cpuid_model(set),
	       feature_value(set, F_STEPPING));
}

void print_word(int *column, const char *word)
{
	const int size = (int)strlen(word);

	if (*column + 1 + size > COLUMNS) {
		printf("\n%*s", INDENT, "");
		*column = INDENT;
	}
	*column += printf(" %s", word);
}

void print_part(int *column, int gap, const char *words, int indent)
{
	const int size = (int)strlen(words);

	if (size && *column + gap + size > COLUMNS) {
		printf("\n%*s", indent, "");
		*column = indent;
		gap = 0;
	}
	if (size)
		*column += printf("%*s%s", gap, "", words);
}

/* Prints the field or bit that begins at bit.  Returns the bit after it. */
static unsigned print_field(int *column, const struct cpuid_set *set, uint32_t leaf,
                            uint32_t subleaf, enum cpuid_reg reg, uint32_t value, unsigned bit)
{
	const enum feature_id id = feature_at(leaf, subleaf, reg, bit);
	char word[128];
	struct text t;

	if (id == F_NONE) {
		snprintf(word, sizeof(word), "<%u>", bit);
		if (value >> bit & 1)
			print_word(column, word);
		return bit + 1;
	}
	const struct feature *f = &features[id];
	const uint32_t number = (value & feature_mask(id)) >> f->low;
	text_start(&t, word, sizeof(word));
	text_put(&t, feature_name(id));
	if (f->low != f->high) {
		text_put(&t, "=");
		feature_unit_value(&t, set, id, number);
	}
	if (number)
		print_word(column, text_string(&t));
	return f->high + 1U;
}

void print_features(const struct cpuid_set *set)
{
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			const struct place at =
				place_register(l->leaf, l->subleaf, (enum cpuid_reg)reg);
			char name[PLACE_MAX];
			int column = INDENT;
			struct text t;

			if (!l->reg[reg])
				continue; /* of what is unknown, the caveats say it */
			text_start(&t, name, sizeof(name));
			place_register_write(&t, &at);
			printf("    %-*s", INDENT - 4, text_string(&t));
			for (unsigned bit = 0; bit < 32;)
				bit = print_field(&column, set, l->leaf, l->subleaf,
				                  (enum cpuid_reg)reg, l->reg[reg], bit);
			if (l->unknown[reg])
				print_word(&column, "(others unknown)");
			putchar('\n');
		}
}

void print_wrapped(int indent, const char *words, const char *list, char separator)
{
	if (!*list)
		return;
	int column = printf("%*s%s", indent, "", words), gap = *words ? 1 : 0;
	while (*list) {
		const char *end = strchr(list, separator);
		const size_t size = end ? (size_t)(end - list) + (separator != ' ') : strlen(list);
		char part[WORD_MAX];

		snprintf(part, sizeof(part), "%.*s", (int)size, list);
		print_part(&column, gap, part, indent + 4);
		gap = 1;
		list += size;
		list += strspn(list, " ");
	}
	putchar('\n');
}

void print_setup(int indent, const char *words, enum feature_id id)
{
	print_wrapped(indent, words, feature_setup(id), ';');
	if (feature_setup_missing(id))
		printf("%*s%s\n", indent, "", PRINT_SETUP_MISSING);
}

void print_raw(const struct cpuid_set *set)
{
	puts("    leaf     sub eax      ebx      ecx      edx");
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		printf("    %08" PRIx32 "  %02" PRIx32 " %08" PRIx32 " %08" PRIx32 " %08" PRIx32
		       " %08" PRIx32 "\n",
		       l->leaf, l->subleaf, l->reg[EAX], l->reg[EBX], l->reg[ECX], l->reg[EDX]);
	for (const struct cpuid_leaf *l = set->at; l < set->at + set->count; l++)
		if (l->unknown[EAX] | l->unknown[EBX] | l->unknown[ECX] | l->unknown[EDX])
			printf("    unknown bits of %" PRIx32 ".%" PRIx32 ": %08" PRIx32
			       " %08" PRIx32 " %08" PRIx32 " %08" PRIx32 "\n",
			       l->leaf, l->subleaf, l->unknown[EAX], l->unknown[EBX],
			       l->unknown[ECX], l->unknown[EDX]);
}
