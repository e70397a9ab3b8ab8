/* SPDX-License-Identifier: MIT */
#include "input/capability.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "input/importers.h"
#include "input/json.h"
#include "input/named_bits.h"
#include "mask/mask_named.h"

static bool take_vendor(struct capability *c, const char *name, uint32_t number)
{
	static const char *const vendors[][2] = {
		{ "cpuid.Intel", "GenuineIntel" },
		{ "cpuid.AMD", "AuthenticAMD" },
	};

	for (size_t i = 0; number && i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (strcasecmp(name, vendors[i][0]) == 0)
			return dump_vendor(c->d, vendors[i][1]);
	return true;
}

/* VMware's family and model include the extended parts. */
static bool take_signature(struct capability *c, enum feature_id id, uint32_t number)
{
	const unsigned part = id == F_FAMILY ? 0 : id == F_MODEL ? 1 : 2;

	c->known[part] = true;
	c->number[part] = number;
	return !c->known[0] || !c->known[1] || !c->known[2] ||
	       dump_signature(c->d, c->number[0], c->number[1], c->number[2]);
}

/* Of a bit that Intel and AMD have in different leaves, the one of the vendor counts. */
static bool is_vendors(const struct capability *c, enum feature_id id)
{
	const uint32_t amd = cpuid_value(&c->d->set, 0, 0, EBX) == 0x68747541;

	return (feature_leaf(&features[id]) >= 0x80000000) == amd;
}

bool capability_take(struct capability *c, const char *name, uint32_t number)
{
	struct mask_capability of;

	if (!mask_capability_find(&of, name, strlen(name)))
		return true;
	if (of.kind == MASK_NAMED_VENDOR)
		return take_vendor(c, name, number);
	if (of.kind != MASK_NAMED_BIT && of.kind != MASK_NAMED_NUMBER)
		return true;
	c->count++;
	for (size_t i = 0; i < of.ids; i++) {
		const enum feature_id id = of.id[i];

		if (id == F_FAMILY || id == F_MODEL || id == F_STEPPING)
			return take_signature(c, id, number);
		if (of.ids == 1 || is_vendors(c, id))
			named_bits_row(c->d, id, number);
	}
	return !c->d->failed;
}

/* Takes the objects with a featureName or key, and a value that is a number, twice: vendor first.
 */
static bool take_json(struct capability *c, const json_t *value, bool vendor)
{
	const char *name = json_string_value(json_member(value, "featureName")), *key;
	const char *number = json_string_value(json_member(value, "value"));
	json_t *item;
	size_t i;
	char *end;

	name = name ? name : json_string_value(json_member(value, "key"));
	if (name && number && *number) {
		const unsigned long n = strtoul(number, &end, 10);
		const bool is_vendor =
			strcasecmp(name, "cpuid.intel") == 0 || strcasecmp(name, "cpuid.amd") == 0;

		return *end || is_vendor != vendor || n > UINT32_MAX ||
		       capability_take(c, name, (uint32_t)n);
	}
	json_array_foreach(value, i, item) if (!take_json(c, item, vendor)) return false;
	json_object_foreach((json_t *)value, key,
	                    item) if (!take_json(c, item, vendor)) return false;
	return true;
}

bool capability_is(const struct bytes *b)
{
	const bool named = memmem(b->at, b->size, "eatureName", 10) != NULL ||
	                   memmem(b->at, b->size, "\"cpuid.", 7) != NULL;
	const bool needs = memmem(b->at, b->size, "eatureRequirement", 17) != NULL ||
	                   memmem(b->at, b->size, ":Min:", 5) != NULL;

	return (json_begins(b) || memmem(b->at, b->size, "(vim.", 5)) && named && !needs &&
	       memmem(b->at, b->size, "cpuid.", 6) != NULL;
}

bool capability_read(struct report *r, const char *path, struct bytes *b)
{
	struct capability c = { .d = dump_start(r, path, b) };
	json_t *root = json_parse(path, b);

	if (!root || !take_json(&c, root, true) || !take_json(&c, root, false))
		c.d->failed = true;
	else if (!c.count)
		dump_fail(c.d, NULL,
		          "without capabilities such as cpuid.AVX2 (was it printed with "
		          "ConvertTo-Json -Depth 5?)");
	json_decref(root);
	return dump_end(c.d);
}
