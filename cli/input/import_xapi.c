/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli.h"
#include "input/dump.h"
#include "input/importers.h"

/* The words of a feature set of Xen (xen/include/public/arch-x86/cpufeatureset.h), in their order.
 */
static const struct word {
	uint32_t leaf, subleaf;
	enum cpuid_reg reg;
} words[] = {
	{ 1, 0, EDX },          { 1, 0, ECX }, { 0x80000001, 0, EDX }, { 0x80000001, 0, ECX },
	{ 0xd, 1, EAX },        { 7, 0, EBX }, { 7, 0, ECX },          { 0x80000007, 0, EDX },
	{ 0x80000008, 0, EBX }, { 7, 0, EDX }, { 7, 1, EAX },          { 0x80000021, 0, EAX },
	{ 7, 1, EBX },          { 7, 2, EDX }, { 7, 1, ECX },          { 7, 1, EDX },
};

/* Before Xen 4.7 XenServer had four words in another order (design/heterogeneous-pools.md). */
static const struct word old_words[] = {
	{ 1, 0, ECX },
	{ 1, 0, EDX },
	{ 0x80000001, 0, ECX },
	{ 0x80000001, 0, EDX },
};

/* Keys of the feature words, the best first: what Xen can give to a guest with hardware support. */
static const struct {
	const char *key;
	bool old;
} sets[] = {
	{ "features_hvm_host", false }, { "features_hvm", false }, { "features_pv_host", false },
	{ "features_pv", false },       { "features", true },
};

/*
 * Copies the value of a key to value: after "key" and any of ": \"'=", up to ';', a quote, a comma
 * after a quote, or the end of the line.  "features" is not the beginning of "features_pv".
 */
static bool find_value(const struct bytes *b, const char *key, char *value, size_t size)
{
	const size_t key_size = strlen(key);
	const char *end = b->at + b->size;

	for (const char *at = b->at; (at = memmem(at, (size_t)(end - at), key, key_size));
	     at += key_size) {
		const char *from = at + key_size;
		size_t used = 0;

		if (at > b->at && !strchr(" \t\n\"';({", at[-1]))
			continue;
		while (from < end && strchr(" \t\"'", *from))
			from++;
		if (from == end || (*from != ':' && *from != '='))
			continue;
		while (from < end && strchr(" \t\"':=", *from))
			from++;
		while (from + used < end && used < size - 1 && !strchr("\n\r;\"'", from[used]))
			used++;
		memcpy(value, from, used);
		while (used && value[used - 1] == ' ')
			used--;
		value[used] = '\0';
		return true;
	}
	return false;
}

static bool read_words(struct dump *d, const char *value, bool old)
{
	const struct word *at = old ? old_words : words;
	const size_t max = old ? 4 : sizeof(words) / sizeof(words[0]);
	size_t count = 0;
	uint32_t word;

	for (const char *from = value; *from; count++) {
		if (!dump_hex(&from, &word) || (*from && *from != '-'))
			return dump_fail(d, NULL,
			                 "expected words of 8 hexadecimal digits with '-' between");
		from += *from == '-';
		if (count >= max)
			continue; /* newer words than are known here say nothing */
		struct cpuid_leaf *l = dump_unknown(d, at[count].leaf, at[count].subleaf);
		if (!l)
			return false;
		dump_know(l, at[count].reg, UINT32_MAX, word);
	}
	return count >= 4 || dump_fail(d, NULL, "fewer than four words of features");
}

/* Family, model and stepping, if they are there. */
static bool read_signature(struct dump *d, const struct bytes *b)
{
	static const char *const keys[] = { "family", "model", "stepping" };
	uint32_t number[3];
	char text[64];

	for (size_t i = 0; i < 3; i++) {
		if (!find_value(b, keys[i], text, sizeof(text)))
			return true;
		const char *at = text;
		/* In JSON a number may stand without quotes, and a comma after it. */
		if (!dump_decimal(&at, UINT32_MAX, &number[i]) || (*at && *at != ','))
			return dump_fail(d, NULL, "family, model or stepping is not a number");
	}
	return dump_signature(d, number[0], number[1], number[2]);
}

static bool read_identity(struct dump *d, const struct bytes *b)
{
	char text[64];

	if (find_value(b, "vendor", text, sizeof(text)) && !dump_vendor(d, text))
		return false;
	if (find_value(b, "modelname", text, sizeof(text)) && !dump_brand(d, text))
		return false;
	return read_signature(d, b);
}

bool xapi_is(const struct bytes *b)
{
	return memmem(b->at, b->size, "features_hvm", 12) != NULL ||
	       (memmem(b->at, b->size, "cpu_count", 9) != NULL &&
	        memmem(b->at, b->size, "features", 8) != NULL);
}

bool xapi_read(struct report *r, const char *path, struct bytes *b)
{
	struct dump *d = dump_start(r, path, b);
	char value[1024];
	bool ok = read_identity(d, b), found = false;

	for (size_t i = 0; ok && !found && i < sizeof(sets) / sizeof(sets[0]); i++) {
		found = find_value(b, sets[i].key, value, sizeof(value)) && *value;
		ok = !found || read_words(d, value, sets[i].old);
	}
	if (ok && !found)
		dump_fail(d, NULL, "without words of features, such as features_hvm_host");
	return dump_end(d);
}
