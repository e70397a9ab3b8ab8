/* SPDX-License-Identifier: MIT */
#include "mask/mask_named.h"

#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "table/feature_find.h"
#include "table/feature_names.h"

/* Names in VMware's list of CPUID features that are not bits of CPUID. */
static const char *const vendors[] = { "cpuid.Intel", "cpuid.AMD", "cpuid.Cyrix", "cpuid.VIA" };

static const char prefix[] = "cpuid.";

#define PREFIX (sizeof(prefix) - 1)

/* True if a name begins with the prefix, in any case. */
static bool is_cpuid(const char *name)
{
	for (size_t i = 0; i < PREFIX; i++)
		if (ascii_lower(name[i]) != prefix[i])
			return false;
	return name[PREFIX] != '\0';
}

/* Takes the spelling of a vendor.  Returns false if the name is none. */
static bool take_vendor(struct mask_capability *c)
{
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (ascii_same(c->name, vendors[i])) {
			strcpy(c->name, vendors[i]);
			c->kind = MASK_NAMED_VENDOR;
			return true;
		}
	return false;
}

/* True if a name has only characters that VMware's names have. */
static bool is_word(const char *name)
{
	for (; *name; name++)
		if (!ascii_digit(*name) && (ascii_lower(*name) < 'a' || ascii_lower(*name) > 'z') &&
		    *name != '_' && *name != '.')
			return false;
	return true;
}

/* Gives an unknown name one spelling, the usual one. */
static void capitalize(char *name)
{
	memcpy(name, prefix, PREFIX);
	for (name += PREFIX; *name; name++)
		if (*name >= 'a' && *name <= 'z')
			*name = (char)(*name - 'a' + 'A');
}

/* Takes the spelling of VMware's table, so that one capability has one name. */
static void respell(struct mask_capability *c)
{
	const char *bare = c->name + PREFIX;
	const size_t size = ascii_size(bare);
	const char *names = feature_named(c->id[0], NAMED_CAPABILITY);
	char own[MASK_NAME_MAX + 1];

	while (*names) {
		struct text t;
		const char *end = names;

		while (*end && *end != '|')
			end++;
		text_start(&t, own, sizeof(own));
		text_bytes(&t, names, (size_t)(end - names));
		const char *word = text_string(&t);
		if (word && ascii_same(word, bare))
			memcpy(c->name + PREFIX, word, size);
		names = end + (*end == '|');
	}
}

bool mask_capability_find(struct mask_capability *c, const char *name, size_t size)
{
	*c = (struct mask_capability){ .kind = MASK_NAMED_OTHER };
	if (size > MASK_NAME_MAX)
		return false;
	memcpy(c->name, name, size);
	if (!is_cpuid(c->name) || take_vendor(c))
		return true;
	if (!is_word(c->name))
		return true;
	capitalize(c->name);
	c->kind = MASK_NAMED_UNKNOWN;
	if (feature_capability(c->name) == F_NONE)
		return true;
	c->ids = feature_find(c->name, c->id, MASK_NAMED_IDS);
	if (c->ids > MASK_NAMED_IDS)
		c->ids = MASK_NAMED_IDS;
	const struct feature *f = &features[c->id[0]];
	c->kind = f->low == f->high ? MASK_NAMED_BIT : MASK_NAMED_NUMBER;
	respell(c);
	return true;
}

const char *mask_named_prefix(const struct mask_named *n)
{
	return n->host ? "featMask." : "featMask.vm.";
}

bool mask_named_hides(const struct mask_named *n)
{
	return n->of.kind == MASK_NAMED_BIT && n->value.number == 0 && n->value.op != MASK_MIN;
}

bool mask_named_shows(const struct mask_named *n)
{
	return n->of.kind == MASK_NAMED_BIT && n->value.number != 0 && n->value.op != MASK_MAX;
}

bool mask_capability_has(const struct mask_capability *c, enum feature_id id)
{
	for (size_t i = 0; i < c->ids; i++)
		if (c->id[i] == id)
			return true;
	return false;
}
