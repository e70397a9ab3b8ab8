/* SPDX-License-Identifier: MIT */
#include "output/glance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "cli.h"
#include "output/print.h"
#include "report/topology.h"
#include "table/level.h"

#define WORDS_MAX 4096

/* Prints one line of words, wrapped; column is where it begins. */
static void print_words(const char *words, size_t size, int column)
{
	int at = column, gap = 0;

	while (size) {
		const char *blank = memchr(words, ' ', size);
		const size_t length = blank ? (size_t)(blank - words) : size;
		char part[WORDS_MAX];

		snprintf(part, sizeof(part), "%.*s", (int)length, words);
		for (char *c = part; (c = strchr(c, *NO_BREAK)); *c = ' ')
			;
		print_part(&at, gap, part, column);
		gap = 1;
		words += length + (blank != NULL);
		size -= length + (blank != NULL);
	}
	putchar('\n');
}

/* Prints words that begin at a column, with a label before the first line. */
static void print_lines(int column, const char *label, const char *words)
{
	for (const char *end; *words; words = *end ? end + 1 : end, label = "") {
		size_t indent = strspn(words, " ");

		end = strchrnul(words, '\n');
		printf("%-*s%*s", column, label, (int)indent, "");
		print_words(words + indent, (size_t)(end - words) - indent, column + (int)indent);
	}
}

void glance_line(const char *label, const char *words)
{
	print_lines(GLANCE_COLUMN, label, words);
}

const char *glance_core(const struct report *r, const struct report_kind *k)
{
	return !topology_hybrid(r) ? "" : topology_small(&k->set) ? "E-core" : "P-core";
}

/* Appends "P-cores: ", if the kinds in some[] are those of one type of core; else the processors.
 */
static void put_whose(struct text *t, const struct report *r, const bool *some)
{
	uint32_t number[REPORT_PROCESSORS_MAX];
	bool large = true, small = true;
	size_t count = 0;

	for (size_t i = 0; i < r->kinds; i++) {
		const bool is_small = topology_small(&r->kind[i].set);

		large = large && some[i] == !is_small;
		small = small && some[i] == is_small;
	}
	if (topology_hybrid(r) && (large || small)) {
		text_put(t, large ? "P-cores: " : "E-cores: ");
		return;
	}
	for (size_t i = 0; i < r->processors; i++)
		if (some[r->processor[i].kind])
			number[count++] = r->processor[i].number;
	lines_list_write(t, count == 1 ? "processor" : "processors", number, count);
	while (t->used && t->at[t->used - 1] == '\n')
		t->used--;
	text_put(t, ": ");
}

static void print_kinds(int column, const char *label, glance_put *put, const struct report *r)
{
	char(*words)[WORDS_MAX] = allocate((r->kinds + 1) * sizeof(*words));
	struct cpuid_set *set = allocate(sizeof(*set));
	bool done[REPORT_KINDS_MAX] = { false };

	for (size_t i = 0; i < r->kinds; i++) {
		struct text t;

		text_start(&t, words[i], WORDS_MAX);
		if (!report_features(&r->kind[i], set))
			*set = r->kind[i].set;
		put(&t, &r->kind[i], set);
		text_string(&t);
	}
	for (size_t i = 0; i < r->kinds; i++) {
		bool same[REPORT_KINDS_MAX] = { false }, all = true;
		static char line[2 * WORDS_MAX + 65536];
		struct text t;

		if (done[i])
			continue;
		for (size_t k = 0; k < r->kinds; k++) {
			same[k] = strcmp(words[k], words[i]) == 0;
			done[k] = done[k] || same[k];
			all = all && same[k];
		}
		text_start(&t, line, sizeof(line));
		if (!all && *words[i])
			put_whose(&t, r, same);
		text_put(&t, words[i]);
		print_lines(column, label, text_string(&t));
		label = "";
	}
	free(set);
	free(words);
}

void glance_kinds(const char *label, glance_put *put, const struct report *r)
{
	print_kinds(GLANCE_COLUMN, label, put, r);
}

void glance_section(const char *title, glance_put *put, const struct report *r)
{
	printf("\n%s\n", title);
	print_kinds(2, "", put, r);
}

/* Whether no leaf that tells where a processor is, is in a report: it was made of names. */
static bool without_ids(const struct report *r)
{
	const struct cpuid_set *set = &r->kind[0].set;

	return r->kinds && cpuid_unknown(set, 1, 0, EBX) >> 24 && cpuid_unknown(set, 0xb, 0, EDX) &&
	       cpuid_unknown(set, 0x80000026, 0, EDX);
}

bool glance_put_topology(struct text *t, const struct report *r)
{
	struct topology topology;

	topology_take(&topology, r);
	if (without_ids(r)) {
		text_decimal(t, r->processors);
		text_put(t, r->processors == 1 ? " processor" : " processors");
		text_put(t, "; sockets and cores not known: no APIC IDs in the report");
		return false;
	}
	if (topology_one_of_several(r)) {
		text_put(t, "not known: one processor was read; CPUID counts up to ");
		text_decimal(t, topology_told(&r->kind[0].set));
		text_put(t, " in its socket");
		return false;
	}
	topology_write(t, &topology);
	return topology.known && !topology.partial;
}

static void print_topology(const struct report *r)
{
	char words[256];
	struct text t;

	text_start(&t, words, sizeof(words));
	glance_put_topology(&t, r);
	print_lines(GLANCE_COLUMN, "topology", text_string(&t));
}

void glance_print(const struct report *r)
{
	glance_kinds("brand", glance_brand, r);
	glance_kinds("vendor", glance_vendor, r);
	glance_kinds("microarchitecture", glance_name, r);
	print_topology(r);
	glance_caches(r);
	glance_kinds("TLBs", glance_tlbs, r);
	glance_kinds("address bits", glance_widths, r);
	glance_kinds("x86-64 level", glance_level, r);
	glance_kinds("virtualization", glance_virtualization, r);
	glance_kinds("speculation", glance_speculation, r);
	glance_kinds("firmware", glance_firmware, r);
	glance_kinds("microcode", glance_microcode, r);
}

void glance_print_baseline(const struct cpuid_set *baseline)
{
	const unsigned level = level_of(baseline);
	char words[WORDS_MAX];
	struct text t;

	text_start(&t, words, sizeof(words));
	glance_widths(&t, NULL, baseline);
	print_lines(GLANCE_COLUMN, "address bits", text_string(&t));
	text_start(&t, words, sizeof(words));
	text_put(&t, level ? "x86-64-v" : "below x86-64-v1");
	if (level)
		text_decimal(&t, level);
	print_lines(GLANCE_COLUMN, "x86-64 level", text_string(&t));
}
