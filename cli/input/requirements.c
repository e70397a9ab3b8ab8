/* SPDX-License-Identifier: MIT */
#include "input/requirements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "input/json.h"

/* Bytes.  The properties of many VMs; what one requires is a few thousand. */
#define REQUIREMENTS_MAX 0x2000000

/* What a list that is being read has. */
enum list { LIST_NONE, LIST_RUNNING, LIST_OFFLINE, LIST_OTHER };

struct reader {
	const char *path;
	enum list wanted;
	struct requirements *to;
};

/* Returns what the name of a property or a key says of the values in it. */
static enum list list_of(const char *name, enum list outer)
{
	static const struct {
		const char *part;
		enum list list;
	} parts[] = {
		{ "offlineFeatureRequirement", LIST_OFFLINE },
		{ "featureRequirement", LIST_RUNNING },
		{ "featureMask", LIST_OTHER },
		{ "featureCapability", LIST_OTHER },
	};

	/* govc wraps an offline list in VirtualMachineFeatureRequirement. */
	for (size_t i = 0; outer == LIST_NONE && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcasestr(name, parts[i].part))
			return parts[i].list;
	return outer;
}

static bool fail(const struct reader *r, const char *name, const char *message)
{
	char text[256], clean[PRINTABLE_MAX];

	snprintf(text, sizeof(text), "%.100s: %s", printable(clean, sizeof(clean), name), message);
	trouble(r->path, text);
	return false;
}

static bool add(struct requirements *to, const struct requirement *new)
{
	for (const struct requirement *old = to->at; old < to->at + to->count; old++)
		if (strcmp(old->of.name, new->of.name) == 0 && old->value.op == new->value.op &&
		    old->value.number == new->value.number)
			return true;
	to->at = allocate_room(to->at, to->count, sizeof(*to->at));
	to->at[to->count++] = *new;
	return true;
}

/* Returns the name of an element of a list, or NULL if the value is none. */
static const char *name_of(const json_t *value)
{
	const char *name = json_string_value(json_member(value, "featureName"));

	return name ? name : json_string_value(json_member(value, "key"));
}

/* Reads an element of a list of requirements. */
static bool read_item(const struct reader *r, const json_t *item)
{
	const char *name = name_of(item);
	const char *value = json_string_value(json_member(item, "value"));
	struct requirement new;

	if (!value)
		return fail(r, name,
		            "expected a value such as Bool:Min:1 (was it printed with "
		            "ConvertTo-Json -Depth 5?)");
	if (!mask_value_read(&new.value, value, strlen(value)))
		return fail(r, name, "expected a value such as Bool:Min:1 or Num:Min:4");
	if (!mask_capability_find(&new.of, name, strlen(name)))
		return fail(r, name, "the name is longer than any of VMware's");
	return add(r->to, &new);
}

/* True for an element of a list that has no name: its value has the form of a requirement. */
static bool is_bare_item(const json_t *value)
{
	const char *text = json_string_value(json_member(value, "value"));
	struct mask_value read;

	return name_of(value) && text && mask_value_read(&read, text, strlen(text)) &&
	       (read.op == MASK_MIN || read.op == MASK_MATCH);
}

static bool read_value(const struct reader *r, const json_t *value, enum list list);

static bool read_members(const struct reader *r, const json_t *object, enum list list)
{
	/* The change of a property, as govc prints it: {"name": ..., "val": ...}. */
	const char *name = json_string_value(json_member(object, "name")), *key;
	json_t *member;

	if (name)
		list = list_of(name, list);
	json_object_foreach((json_t *)object, key, member)
	{
		const enum list inner = list_of(key, list);

		if (inner != list && inner == r->wanted && !json_is_null(member))
			r->to->lists++;
		if (!read_value(r, member, inner))
			return false;
	}
	return true;
}

/* Reads the requirements in a value and in everything inside it. */
static bool read_value(const struct reader *r, const json_t *value, enum list list)
{
	json_t *item;
	size_t i;

	if (json_is_object(value) && name_of(value)) {
		if (list == r->wanted ||
		    (list == LIST_NONE && r->wanted == LIST_RUNNING && is_bare_item(value)))
			return read_item(r, value);
	}
	json_array_foreach(value, i, item)
	{
		if (list == r->wanted && !json_is_object(item))
			return fail(r, "featureRequirement",
			            "expected a list of objects, each with a key and a value (was "
			            "it printed with ConvertTo-Json -Depth 5?)");
		if (!read_value(r, item, list))
			return false;
	}
	return !json_is_object(value) || read_members(r, value, list);
}

/* Reads the lists for running VMs; if there are none, those for VMs that are off. */
static bool read_root(const char *path, const json_t *root, struct requirements *ret)
{
	struct reader r = { path, LIST_RUNNING, ret };

	if (!read_value(&r, root, LIST_NONE))
		return false;
	if (ret->count)
		return true;
	r.wanted = LIST_OFFLINE;
	ret->lists = 0;
	ret->offline = true;
	if (!read_value(&r, root, LIST_NONE))
		return false;
	if (!ret->count)
		trouble(path, "no requirements in this JSON; expected the property "
		              "runtime.featureRequirement of a VM, as printed by PowerCLI "
		              "(ConvertTo-Json -Depth 5) or govc (object.collect -json)");
	return ret->count > 0;
}

bool requirements_read(const char *path, struct requirements *ret)
{
	struct bytes b;

	*ret = (struct requirements){ .count = 0 };
	if (!file_read(path, REQUIREMENTS_MAX, &b))
		return false;
	json_t *root = json_parse(path, &b);
	free(b.at);
	const bool ok = root && read_root(path, root, ret);
	json_decref(root);
	if (!ok)
		free(ret->at);
	return ok;
}
