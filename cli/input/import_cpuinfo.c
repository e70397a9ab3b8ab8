/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "cli.h"
#include "input/importers.h"
#include "input/named_bits.h"

/* What a processor says before its flags; "cpu family" comes before "model" and "stepping". */
struct cpuinfo {
	struct dump *d;
	unsigned long family, model;
};

/* Of a name that is not listed, the kernel may not know it, or have cleared it: it says nothing. */
static void set_flags(struct dump *d, char *words)
{
	char *save = NULL;

	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		named_bits_set(d, NAMED_LINUX, word);
}

/* Reads a number of at most 255 and the words after it. */
static bool read_width(const char **at, const char *words, uint32_t *ret)
{
	char *end;
	const unsigned long width = strtoul(*at, &end, 10);

	if (!ascii_digit(**at) || width > 255)
		return false;
	*ret = (uint32_t)width;
	*at = end;
	return dump_word(at, words);
}

/* "46 bits physical, 48 bits virtual": leaf 80000008H. */
static bool set_widths(struct dump *d, const char *value)
{
	const char *at = value;
	uint32_t physical, virtual;

	if (!read_width(&at, " bits physical, ", &physical) ||
	    !read_width(&at, " bits virtual", &virtual))
		return dump_fail(d, value, "expected N bits physical, N bits virtual");
	struct cpuid_leaf *l = dump_unknown(d, 0x80000008, 0);
	if (l)
		dump_know(l, EAX, 0xffff, physical | virtual << 8);
	return l != NULL;
}

static bool set_level(struct dump *d, const char *value)
{
	struct cpuid_leaf *l = dump_unknown(d, 0, 0);
	const unsigned long last = strtoul(value, NULL, 10);

	if (l && last <= 0xffff)
		dump_know(l, EAX, UINT32_MAX, (uint32_t)last);
	return l != NULL;
}

static bool take(struct cpuinfo *c, const char *key, char *value)
{
	struct dump *d = c->d;

	if (strcmp(key, "processor") == 0)
		return dump_processor(d, strtoul(value, NULL, 10));
	if (strcmp(key, "vendor_id") == 0)
		return dump_vendor(d, value);
	if (strcmp(key, "cpu family") == 0)
		c->family = strtoul(value, NULL, 10);
	else if (strcmp(key, "model") == 0)
		c->model = strtoul(value, NULL, 10);
	else if (strcmp(key, "model name") == 0)
		return dump_brand(d, value);
	else if (strcmp(key, "stepping") == 0)
		return dump_signature(d, c->family, c->model, strtoul(value, NULL, 10));
	else if (strcmp(key, "microcode") == 0)
		d->control.microcode = (struct control_value){ true, strtoul(value, NULL, 16) };
	else if (strcmp(key, "cpuid level") == 0)
		return set_level(d, value);
	else if (strcmp(key, "address sizes") == 0)
		return set_widths(d, value);
	else if (strcmp(key, "flags") == 0)
		set_flags(d, value);
	return !d->failed;
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
