/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/importers.h"
#include "input/named_bits.h"

/* What a processor says before its flags; "cpu family" comes before "model" and "stepping". */
struct cpuinfo {
	struct dump *d;
	uint32_t family, model;
};

/* Of a name that is not listed, the kernel may not know it, or have cleared it: it says nothing. */
static bool set_flags(struct cpuinfo *c, char *words)
{
	char *save = NULL;

	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		named_bits_set(c->d, NAMED_LINUX, word);
	return !c->d->failed;
}

/* Reads a width and the words after it. */
static bool read_width(const char **at, const char *words, uint32_t *ret)
{
	return dump_decimal(at, 255, ret) && dump_word(at, words);
}

/* "46 bits physical, 48 bits virtual": leaf 80000008H. */
static bool set_widths(struct cpuinfo *c, char *value)
{
	const char *at = value;
	uint32_t physical, virtual;

	if (!read_width(&at, " bits physical, ", &physical) ||
	    !read_width(&at, " bits virtual", &virtual))
		return dump_fail(c->d, value, "expected N bits physical, N bits virtual");
	struct cpuid_leaf *l = dump_unknown(c->d, 0x80000008, 0);
	if (l)
		dump_know(l, EAX, 0xffff, physical | virtual << 8);
	return l != NULL;
}

static bool set_level(struct cpuinfo *c, char *value)
{
	struct cpuid_leaf *l = dump_unknown(c->d, 0, 0);
	uint32_t last;

	if (!l || !dump_number(c->d, value, &last))
		return false;
	if (last <= 0xffff)
		dump_know(l, EAX, UINT32_MAX, last);
	return true;
}

static bool begin_processor(struct cpuinfo *c, char *value)
{
	uint32_t number;

	return dump_number(c->d, value, &number) && dump_processor(c->d, number);
}

static bool set_vendor(struct cpuinfo *c, char *value)
{
	return dump_vendor(c->d, value);
}

static bool set_brand(struct cpuinfo *c, char *value)
{
	return dump_brand(c->d, value);
}

static bool keep_family(struct cpuinfo *c, char *value)
{
	return dump_number(c->d, value, &c->family);
}

static bool keep_model(struct cpuinfo *c, char *value)
{
	return dump_number(c->d, value, &c->model);
}

/* It comes after the two others. */
static bool set_signature(struct cpuinfo *c, char *value)
{
	uint32_t stepping;

	return dump_number(c->d, value, &stepping) &&
	       dump_signature(c->d, c->family, c->model, stepping);
}

static bool set_microcode(struct cpuinfo *c, char *value)
{
	const char *at = value;
	uint32_t revision;

	if (!dump_hex(&at, &revision) || *at)
		return dump_fail(c->d, value, "expected a hexadecimal number of 1 to 8 digits");
	c->d->control.microcode = (struct control_value){ true, revision };
	return true;
}

/* Linux, arch/x86/kernel/cpu/proc.c. */
static const struct {
	const char *key;
	bool (*take)(struct cpuinfo *c, char *value);
} keys[] = {
	{ "processor", begin_processor }, { "vendor_id", set_vendor },
	{ "cpu family", keep_family },    { "model", keep_model },
	{ "model name", set_brand },      { "stepping", set_signature },
	{ "microcode", set_microcode },   { "cpuid level", set_level },
	{ "address sizes", set_widths },  { "flags", set_flags },
};

static bool take(struct cpuinfo *c, const char *key, char *value)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].take(c, value);
	return true;
}

bool cpuinfo_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "vendor_id\t:", 11) != NULL ||
	       (memmem(b->at, b->size, "vendor_id", 9) != NULL &&
	        memmem(b->at, b->size, "flags", 5) != NULL &&
	        memmem(b->at, b->size, "cpuid level", 11) != NULL);
}

bool cpuinfo_read(struct report *r, const char *path, struct bytes *b)
{
	struct cpuinfo c = { .d = dump_start(r, path, b) };

	while (dump_line(c.d)) {
		char *colon = strchr(c.d->line, ':'), *end = colon;

		if (!colon)
			continue;
		while (end > c.d->line && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		*end = '\0';
		colon++;
		colon += strspn(colon, " \t");
		if (!take(&c, c.d->line, colon))
			break;
	}
	return dump_end(c.d);
}
