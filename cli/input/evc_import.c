/* SPDX-License-Identifier: MIT */
/*
 * Reads the EVC modes of a vCenter from JSON.  Each tool that prints them wraps them in its own way
 * and writes keys in its own case, so modes are found anywhere and keys are read in any case.
 */
#include "input/evc_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "fleet/evc_settle.h"
#include "mask/mask_vmx_read.h"

static const char *const lists[] = {
	"guaranteedCPUFeatures", "featureMask", "masks", "featureCapability", "featureRequirement",
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* The first of the lists of names. */
#define NAMES 1

/* A mode has a key and at least one of the lists; elements of the lists have a key and no list. */
static bool is_mode(const json_t *value)
{
	if (!json_is_string(json_member(value, "key")))
		return false;
	for (size_t i = 0; i < LISTS; i++)
		if (json_member(value, lists[i]))
			return true;
	return false;
}

/* True if a list of the mode says that a feature is there. */
static bool has_name(const json_t *value, const char *name)
{
	for (size_t i = NAMES; i < LISTS; i++)
		if (evc_names_have(json_member(value, lists[i]), name))
			return true;
	return false;
}

/* Returns the vendor that the mode names; else by its features or its key, "intel-...". */
static enum evc_vendor find_vendor(const struct evc_reader *r, const json_t *value)
{
	static const char *const name[] = { [EVC_INTEL] = "intel", [EVC_AMD] = "amd" };
	static const char *const feature[] = { "cpuid.Intel", "cpuid.AMD" };
	const char *vendor = json_string_value(json_member(value, "vendor"));

	for (unsigned v = EVC_INTEL; v < EVC_NO_VENDOR; v++) {
		const size_t size = strlen(name[v]);
		const char *key = r->mode->key;

		if (vendor ? strcasecmp(vendor, name[v]) == 0
		           : has_name(value, feature[v]) ||
		                     (strncasecmp(key, name[v], size) == 0 && key[size] == '-'))
			return (enum evc_vendor)v;
	}
	evc_json_fail(r, "the vendor is neither Intel nor AMD; no host will qualify");
	return EVC_NO_VENDOR;
}

static bool read_tier(struct evc_reader *r, const json_t *value)
{
	const json_t *tier = json_member(value, "vendorTier");
	const json_int_t number = json_integer_value(tier);

	if (tier && (!json_is_integer(tier) || number < 0 || number > 1000))
		return evc_json_fail(r, "vendorTier: expected a number from 0 to 1000");
	r->mode->tier = (unsigned)number;
	return true;
}

/* Reads a string of 32 bits, grouped or not, as in a line of a .vmx file. */
static bool read_bits(const struct evc_reader *r, uint32_t leaf, const char *bits,
                      struct mask_line *ret)
{
	struct mask_lines lines;
	struct where where;
	char line[128];

	/* The reader of lines would also accept blanks, a comment, another line. */
	if (bits[strspn(bits, "01-:xXHRTF")])
		return evc_json_fail(r, "leaf %x: %s", leaf, err_text(ERR_MASK_CHARACTER));
	if ((size_t)snprintf(line, sizeof(line), "cpuid.1.eax = %s\n", bits) >= sizeof(line))
		return evc_json_fail(r, "leaf %x: %s", leaf, err_text(ERR_MASK_LENGTH));
	enum err err = mask_vmx_read(&lines, line, strlen(line), &where);
	if (err == ERR_NONE && lines.count != 1)
		err = ERR_MASK_LENGTH;
	if (err == ERR_NONE)
		*ret = lines.at[0];
	mask_lines_free(&lines);
	return err == ERR_NONE || evc_json_fail(r, "leaf %x: %s", leaf, err_text(err));
}

/* Reads a register of a mode.  The mode must not have it already. */
static bool read_register(struct evc_reader *r, uint32_t leaf, enum cpuid_reg reg, const char *bits)
{
	const struct place at = place_register(leaf, 0, reg);
	struct evc *mode = r->mode;
	struct mask_line l;

	if (!read_bits(r, leaf, bits, &l))
		return false;
	for (size_t i = 0; i < mode->registers; i++)
		if (place_same_register(&mode->reg[i].at, &at))
			return evc_json_fail(r, "leaf %x: a register is listed twice", leaf);
	const struct evc_register own = { at, ~mask_line_hidden(&l), EVC_IMPORTED };
	if (!evc_add_register(mode, &own))
		out_of_memory();
	evc_guarantee_bits(mode, &at, mask_line_forced(&l), r->needs ? EVC_MAY : EVC_HAS);
	return true;
}

static bool read_registers(struct evc_reader *r, const json_t *list)
{
	static const char *const name[CPUID_REGS] = { "eax", "ebx", "ecx", "edx" };
	const json_t *item;

	for (size_t i = 0; (item = json_element(list, i)); i++) {
		const json_t *level = json_member(item, "level");
		const json_int_t number = json_integer_value(level);

		if (!json_is_integer(level) || number < INT32_MIN || number > UINT32_MAX)
			return evc_json_fail(r,
			                     "guaranteedCPUFeatures: expected a list of objects, "
			                     "each with a level of 32 bits%s",
			                     EVC_JSON_DEPTH);
		for (unsigned reg = 0; reg < CPUID_REGS; reg++) {
			const json_t *bits = json_member(item, name[reg]);

			if (!bits || (json_is_string(bits) && json_string_length(bits) == 0))
				continue;
			if (!json_is_string(bits))
				return evc_json_fail(r,
				                     "leaf %x: expected a string of 32 characters",
				                     (unsigned)(uint32_t)number);
			/* VMware's leaves are signed numbers: 80000001 is negative. */
			if (!read_register(r, (uint32_t)number, (enum cpuid_reg)reg,
			                   json_string_value(bits)))
				return false;
		}
	}
	return true;
}

static bool read_lists(struct evc_reader *r, const json_t *value)
{
	const json_t *registers = json_member(value, lists[0]);

	r->needs = json_member(value, "featureRequirement") != NULL;
	if (registers && !read_registers(r, registers))
		return false;
	for (size_t i = NAMES; i < LISTS; i++) {
		const json_t *list = json_member(value, lists[i]);

		r->mode->named = r->mode->named || json_element(list, 0);
		r->requirement = i == LISTS - 1;
		if (list && !evc_names_read(r, lists[i], list))
			return false;
	}
	return true;
}

/* Moves the last mode to its place among the others, which ascend by vendor and tier. */
static void sort_last(struct evc_modes *modes)
{
	struct evc *last = &modes->at[modes->count - 1], *to = last, *copy;

	while (to > modes->at && (to[-1].vendor > last->vendor ||
	                          (to[-1].vendor == last->vendor && to[-1].tier > last->tier)))
		to--;
	copy = allocate(sizeof(*copy));
	*copy = *last;
	memmove(to + 1, to, (size_t)(last - to) * sizeof(*to));
	*to = *copy;
	free(copy);
}

static bool read_mode(struct evc_reader *r, const json_t *value)
{
	const char *key = json_string_value(json_member(value, "key"));
	const char *about = json_string_value(json_member(value, "label"));

	key = evc_json_keep(r, key);
	r->modes.at = allocate_room(r->modes.at, r->modes.count, sizeof(*r->modes.at));
	r->mode = &r->modes.at[r->modes.count++];
	*r->mode = (struct evc){ .key = key };
	r->mode->about = evc_json_keep(r, about ? about : "");
	if (!*key)
		return evc_json_fail(r, "the mode has no key");
	if (evc_find(r->modes.at, r->modes.count - 1, key))
		return evc_json_fail(r, "the mode is listed twice");
	r->mode->vendor = find_vendor(r, value);
	if (!read_tier(r, value) || !read_lists(r, value))
		return false;
	evc_settle(r->mode);
	sort_last(&r->modes);
	return true;
}

/* Reads the modes in a value and in everything inside it. */
static bool read_modes(struct evc_reader *r, json_t *value)
{
	bool ok = true;
	json_t *item;
	size_t i;
	const char *key;

	if (is_mode(value))
		return read_mode(r, value);
	json_array_foreach(value, i, item) if (ok) ok = read_modes(r, item);
	json_object_foreach(value, key, item) if (ok) ok = read_modes(r, item);
	return ok;
}

static bool read_root(struct evc_reader *r, json_t *root)
{
	if (!read_modes(r, root))
		return false;
	if (r->modes.count == 0) {
		trouble(r->path,
		        "no EVC mode in this JSON; expected Capability.SupportedEVCMode as printed "
		        "by PowerCLI (ConvertTo-Json -Depth 5) or govc (object.collect -json), or "
		        "an evc-mode of vCenter's REST interface");
		return false;
	}
	evc_names_unknown(r);
	return true;
}

bool evc_import(const char *path, struct evc_modes *ret)
{
	struct evc_reader *r = allocate(sizeof(*r));
	json_t *root = evc_json_load(path, r);
	bool ok = false;

	if (root) {
		r->path = path;
		ok = read_root(r, root);
		if (ok)
			*ret = r->modes;
		else
			evc_modes_free(&r->modes);
		json_decref(root);
	}
	free(r->unknown);
	free(r);
	return ok;
}
