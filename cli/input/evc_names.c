/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "fleet/evc_settle.h"
#include "input/evc_json.h"
#include "mask/mask_value.h"
#include "table/feature_find.h"

/* The first of AMD's leaves. */
#define LEAF_AMD 0x80000000

/* More rows than a name has. */
#define ROWS_MAX 16

/*
 * Returns the row with a name, or F_NONE.  If there are several, the name is for a bit of Intel and
 * for one of AMD ("cpuid.IBPB"), and the vendor of the mode decides.
 */
static enum feature_id find_row(const char *name, enum evc_vendor vendor)
{
	enum feature_id ids[ROWS_MAX], found = F_NONE;
	const size_t count = feature_find(name, ids, ROWS_MAX);
	size_t fit = 0;

	if (count == 1)
		return ids[0];
	for (size_t i = 0; i < count && i < ROWS_MAX; i++) {
		const bool is_amd = feature_leaf(&features[ids[i]]) >= LEAF_AMD;

		if (vendor == EVC_NO_VENDOR || is_amd != (vendor == EVC_AMD))
			continue;
		found = ids[i];
		fit++;
	}
	return fit == 1 ? found : F_NONE;
}

/* True for names in VMware's list of CPUID features that are not bits of CPUID. */
static bool is_vendor(const char *name)
{
	static const char *const vendors[] = { "cpuid.Intel", "cpuid.AMD", "cpuid.Cyrix",
		                               "cpuid.VIA" };

	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++)
		if (strcasecmp(name, vendors[i]) == 0)
			return true;
	return false;
}

static void add_unknown(struct evc_reader *r, const char *name)
{
	for (size_t i = 0; i < r->unknowns; i++)
		if (strcasecmp(r->unknown[i], name) == 0)
			return;
	r->unknown = allocate_room(r->unknown, r->unknowns, sizeof(*r->unknown));
	r->unknown[r->unknowns++] = name;
}

/* Adds what is not a feature.  If several lists name it, the first one counts. */
static bool add_other(struct evc_reader *r, const char *name, const char *value)
{
	struct evc *mode = r->mode;

	for (size_t i = 0; i < mode->others; i++)
		if (strcasecmp(mode->other[i].name, name) == 0)
			return true;
	if (strncasecmp(value, "Val:", 4) == 0)
		value += 4;
	const struct evc_other other = { name, value };
	if (!evc_add_other(mode, &other))
		out_of_memory();
	return true;
}

/* Reads "1", "Val:1", "Max:0" or "Bool:Min:1"; a number alone is what a host has. */
static bool read_value(const char *value, struct mask_value *v)
{
	char *end;

	if (mask_value_read(v, value, strlen(value)))
		return v->op != MASK_MATCH;
	*v = (struct mask_value){ MASK_VAL, strtoul(value, &end, 0) };
	return *value >= '0' && *value <= '9' && *end == '\0';
}

/*
 * Sets the state of a feature from its value in a list.  A limit ("Max") does not mean that hosts
 * need it; nor does a list of what is shown, if the mode also has a list of what hosts need.  A
 * value of 0 changes nothing.
 */
static bool set_state(struct evc_reader *r, enum feature_id id, const char *name, const char *value)
{
	struct mask_value v;

	if (!read_value(value, &v))
		return evc_json_fail(r,
		                     "%s: expected a value such as 1, Val:1, Max:0 or Bool:Min:1, "
		                     "not %.64s",
		                     name, value);
	const enum evc_state shown =
		v.op == MASK_MAX || (r->needs && !r->requirement) ? EVC_MAY : EVC_HAS;
	if (v.number)
		evc_guarantee(r->mode, id, shown);
	return true;
}

static bool add_name(struct evc_reader *r, const char *name, const char *value)
{
	const bool cpuid = strncasecmp(name, "cpuid.", 6) == 0;
	const enum feature_id id = cpuid ? find_row(name, r->mode->vendor) : F_NONE;

	if (id != F_NONE && features[id].low == features[id].high)
		return set_state(r, id, name, value);
	if (id == F_NONE && cpuid && !is_vendor(name))
		add_unknown(r, name);
	return add_other(r, name, value);
}

/* Returns the name of an element of a list, or NULL. */
static const json_t *name_of(const json_t *item)
{
	const json_t *name = json_member(item, "featureName");

	return name ? name : json_member(item, "key");
}

bool evc_names_have(const json_t *list, const char *name)
{
	const json_t *item;

	for (size_t i = 0; (item = json_element(list, i)); i++) {
		const char *own = json_string_value(name_of(item));
		const char *value = json_string_value(json_member(item, "value"));
		struct mask_value v;

		if (own && value && strcasecmp(own, name) == 0 && read_value(value, &v) && v.number)
			return true;
	}
	return false;
}

bool evc_names_read(struct evc_reader *r, const char *list_name, const json_t *list)
{
	const json_t *item;

	for (size_t i = 0; (item = json_element(list, i)); i++) {
		const json_t *name = name_of(item);
		const json_t *value = json_member(item, "value");

		if (!json_is_string(name) || !json_is_string(value))
			return evc_json_fail(r,
			                     "%s: expected a list of objects, each with a key "
			                     "and a value%s",
			                     list_name, EVC_JSON_DEPTH);
		if (!add_name(r, evc_json_keep(r, json_string_value(name)),
		              evc_json_keep(r, json_string_value(value))))
			return false;
	}
	return true;
}

void evc_names_unknown(const struct evc_reader *r)
{
	char *line = NULL;
	size_t size;

	if (!r->unknowns)
		return;
	FILE *f = stream_open(&line, &size);

	fprintf(f, "%zu unknown feature name%s, ignored in comparisons and masks:", r->unknowns,
	        r->unknowns == 1 ? "" : "s");
	for (size_t i = 0; i < r->unknowns; i++)
		fprintf(f, "%s %s", i ? "," : "", r->unknown[i]);
	stream_close(f);
	trouble(r->path, line);
	free(line);
}
