/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"
#include "input/json.h"
#include "output/csv.h"

#define OWN_FORMAT "cpulevel-cpuid-1"
#define CSV_HEAD   "host,processor,leaf,subleaf,register,value,unknown"

static bool has_unknown(const struct cpuid_leaf *l)
{
	return l->unknown[EAX] | l->unknown[EBX] | l->unknown[ECX] | l->unknown[EDX];
}

/* Writes a name between quotes, for JSON, which cannot hold every byte. */
static void write_name(struct text *t, const char *host)
{
	char name[PRINTABLE_MAX];

	text_put(t, "\"");
	for (const char *at = printable(name, sizeof(name), host); *at; at++)
		text_bytes(t, *at == '"' || *at == '\\' ? "_" : at, 1);
	text_put(t, "\"");
}

static void write_registers(struct text *t, const uint32_t reg[CPUID_REGS])
{
	for (unsigned i = 0; i < CPUID_REGS; i++) {
		text_put(t, ", \"");
		text_put(t, cpuid_register((enum cpuid_reg)i));
		text_put(t, "\": ");
		text_decimal(t, reg[i]);
	}
}

static void write_leaf(struct text *t, const struct cpuid_leaf *l)
{
	text_put(t, "   {\"leaf\": ");
	text_decimal(t, l->leaf);
	text_put(t, ", \"subleaf\": ");
	text_decimal(t, l->subleaf);
	write_registers(t, l->reg);
	if (has_unknown(l)) {
		text_put(t, ", \"unknown\": {\"of\": \"bits\"");
		write_registers(t, l->unknown);
		text_put(t, "}");
	}
	text_put(t, "}");
}

void own_json_write(struct text *t, const struct report *r, const char *host)
{
	static _Thread_local struct cpuid_set set;

	text_put(t, "{\"format\": \"" OWN_FORMAT "\",\n \"host\": ");
	write_name(t, host);
	text_put(t, ",\n \"processors\": [");
	for (size_t i = 0; i < r->processors; i++) {
		report_processor_set(r, i, &set);
		text_put(t, i ? ",\n  {\"number\": " : "\n  {\"number\": ");
		text_decimal(t, r->processor[i].number);
		text_put(t, ", \"leaves\": [\n");
		for (size_t k = 0; k < set.count; k++) {
			write_leaf(t, &set.at[k]);
			text_put(t, k + 1 < set.count ? ",\n" : "]}");
		}
	}
	text_put(t, "]}\n");
}

static bool read_numbers(const json_t *item, uint32_t reg[CPUID_REGS])
{
	for (unsigned i = 0; i < CPUID_REGS; i++) {
		const json_t *value = json_member(item, cpuid_register((enum cpuid_reg)i));
		const json_int_t number = json_integer_value(value);

		if (!json_is_integer(value) || number < 0 || number > UINT32_MAX)
			return false;
		reg[i] = (uint32_t)number;
	}
	return true;
}

static bool read_leaf(struct dump *d, const json_t *item)
{
	const json_int_t leaf = json_integer_value(json_member(item, "leaf"));
	const json_int_t subleaf = json_integer_value(json_member(item, "subleaf"));
	const json_t *unknown = json_member(item, "unknown");
	struct cpuid_leaf l = { .leaf = (uint32_t)leaf, .subleaf = (uint32_t)subleaf };

	if (leaf < 0 || leaf > UINT32_MAX || subleaf < 0 || subleaf > UINT32_MAX ||
	    !read_numbers(item, l.reg) || (unknown && !read_numbers(unknown, l.unknown)))
		return dump_fail(d, NULL, "a leaf without its numbers of 32 bits");
	for (unsigned i = 0; i < CPUID_REGS; i++)
		l.reg[i] &= ~l.unknown[i];
	return dump_leaf(d, &l);
}

static bool read_processor(struct dump *d, const json_t *item)
{
	const json_int_t number = json_integer_value(json_member(item, "number"));
	const json_t *list = json_member(item, "leaves"), *leaf;
	bool ok = dump_processor(d, number < 0 ? REPORT_NUMBER_MAX + 1UL : (unsigned long)number);

	for (size_t i = 0; ok && list && (leaf = json_element(list, i)); i++)
		ok = read_leaf(d, leaf);
	return ok;
}

bool own_json_is(const struct bytes *b)
{
	return json_begins(b) && memmem(b->at, b->size, OWN_FORMAT, sizeof(OWN_FORMAT) - 1);
}

bool own_json_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);
	json_t *root = json_parse(path, b);
	const json_t *list = json_member(root, "processors"), *item;

	d->exact = true;
	if (!root)
		d->failed = true;
	for (size_t i = 0; list && (item = json_element(list, i)) && read_processor(d, item); i++)
		;
	json_decref(root);
	return dump_end(d);
}

void own_csv_head(struct text *t)
{
	text_put(t, CSV_HEAD "\n");
}

void own_csv_rows(struct text *t, const char *host, uint64_t processor, const struct cpuid_set *set)
{
	for (size_t k = 0; k < 4 * set->count; k++) {
		const struct cpuid_leaf *l = &set->at[k / 4];
		const uint64_t numbers[] = { processor, l->leaf, l->subleaf };

		csv_cell(t, host);
		for (size_t n = 0; n < 3; n++) {
			text_put(t, ",");
			text_decimal(t, numbers[n]);
		}
		text_put(t, ",");
		text_put(t, cpuid_register((enum cpuid_reg)(k % 4)));
		text_put(t, ",");
		text_decimal(t, l->reg[k % 4]);
		text_put(t, ",");
		text_decimal(t, l->unknown[k % 4]);
		text_put(t, "\n");
	}
}

void own_csv_write(struct text *t, const struct report *r, const char *host)
{
	static _Thread_local struct cpuid_set set;

	own_csv_head(t);
	for (size_t i = 0; i < r->processors; i++) {
		report_processor_set(r, i, &set);
		own_csv_rows(t, host, r->processor[i].number, &set);
	}
}

/* Reads a decimal number of at most 32 bits and the comma after it, or the end of the line. */
static bool read_decimal(const char **at, uint32_t *ret)
{
	if (!dump_decimal(at, UINT32_MAX, ret) || (**at && **at != ','))
		return false;
	*at += **at == ',';
	return true;
}

/* Returns where a cell ends, between quotes or not; NULL: the quotes are not closed. */
static const char *cell_end(const char *at)
{
	if (*at != '"')
		return at + strcspn(at, ",");
	for (at++; *at; at++)
		if (*at == '"' && *++at != '"')
			return at;
	return NULL;
}

static bool read_line(struct dump *d)
{
	const char *at = cell_end(d->line);
	uint32_t processor, leaf, subleaf, value, unknown;
	unsigned reg = 0;

	if (!at || *at++ != ',' || !read_decimal(&at, &processor) || !read_decimal(&at, &leaf) ||
	    !read_decimal(&at, &subleaf))
		return dump_fail(d, at, "expected " CSV_HEAD);
	while (reg < CPUID_REGS && !dump_word(&at, cpuid_register((enum cpuid_reg)reg)))
		reg++;
	if (reg == CPUID_REGS || *at++ != ',' || !read_decimal(&at, &value) ||
	    !read_decimal(&at, &unknown) || *at || (value & unknown))
		return dump_fail(d, at, "expected a register, its value and its unknown bits");
	if ((!d->open || d->number != processor) && !dump_processor(d, processor))
		return false;
	struct cpuid_leaf *l = dump_unknown(d, leaf, subleaf);
	if (l)
		dump_know(l, (enum cpuid_reg)reg, ~unknown, value);
	return l != NULL;
}

bool own_csv_is(const struct bytes *b)
{
	return b->size >= sizeof(CSV_HEAD) - 1 &&
	       memcmp(b->at, CSV_HEAD, sizeof(CSV_HEAD) - 1) == 0;
}

bool own_csv_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);

	d->exact = true;
	dump_line(d);
	while (dump_line(d) && read_line(d))
		;
	return dump_end(d);
}
