/* SPDX-License-Identifier: MIT */
#include "command/mask_evc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/name.h"
#include "mask/evc_mask.h"

/* How many features are named: as many as fit into 79 columns. */
#define LEFT_NAMED 2

bool mask_evc_without(struct mask_evc *e, const char *arg)
{
	const char *equals = strchr(arg, '=');

	if (!equals || strcmp(equals, "=0") != 0) {
		trouble(arg, "expected NAME=0: a mask can hide a feature, but not add one");
		return false;
	}
	e->without = allocate_room(e->without, e->count, sizeof(*e->without));
	e->without[e->count++] = arg;
	return true;
}

/* Hides what --with names.  Returns false after a message. */
static bool hide_named(struct mask_merge *m, const struct mask_evc *e, const struct cpuid_set *seen)
{
	bool ok = true;

	for (size_t i = 0; i < e->count; i++) {
		const char *arg = e->without[i];
		char *name = allocate(strlen(arg) + 1);
		struct place at;

		memcpy(name, arg, strlen(arg) - strlen("=0"));
		if (!name_place(name, seen, &at)) {
			ok = false;
		} else if (at.low != at.high) {
			trouble(arg, "cannot be hidden: not a single bit");
			ok = false;
		} else {
			mask_merge_hide(m, &at);
		}
		free(name);
	}
	return ok;
}

/*
 * Names features that the mode lacks but its mask does not hide.  A mode has lines for few
 * registers, so guests still see what it lacks in others.
 */
static void print_not_masked(const struct evc *mode, unsigned hw, const struct mask_merge *m,
                             const struct cpuid_set *seen)
{
	size_t left = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (!evc_mask_hides(mode, id, hw) || (seen && !feature_value(seen, id)) ||
		    mask_merge_hidden(m, &at))
			continue;
		if (left++ < LEFT_NAMED)
			fprintf(stderr, "%s %s", left == 1 ? "not masked:" : ",", feature_name(id));
	}
	if (left > LEFT_NAMED)
		fprintf(stderr, " and %zu more", left - LEFT_NAMED);
	if (left && seen)
		fprintf(stderr, " (to hide one: --with NAME=0)\n");
	else if (left)
		fprintf(stderr, " (add a POOL, or --with NAME=0)\n");
}

bool mask_evc_add(struct mask_merge *m, const struct mask_evc *e, unsigned hw,
                  const struct cpuid_set *seen)
{
	enum evc_source source = EVC_UNKNOWN;
	struct evc_modes modes;
	bool ok = false;

	if (!evc_modes_load(e->import, &modes))
		return false;
	const struct evc *mode = evc_modes_find(&modes, e->mode, "unknown EVC mode");
	if (mode) {
		source = evc_mask(mode, hw, m);
		if (source == EVC_UNKNOWN)
			trouble(mode->key, "no mask: only a part of this mode is known, and the "
			                   "mask would hide features of the other part");
	}
	if (source != EVC_UNKNOWN) {
		fprintf(stderr, "source: %s (%s)\n", evc_source_name(source),
		        evc_source_about(source));
		ok = hide_named(m, e, seen);
		if (ok)
			print_not_masked(mode, hw, m, seen);
	}
	evc_modes_free(&modes);
	return ok;
}
