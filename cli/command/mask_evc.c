/* SPDX-License-Identifier: MIT */
#include "command/mask_evc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/name.h"
#include "mask/evc_mask.h"
#include "mask/mask_bits.h"
#include "output/message.h"
#include "table/feature_copy.h"
#include "table/vmware.h"

/* How many features are named: as many as fit into 79 columns. */
#define NAMED 2

bool mask_evc_without(struct mask_evc *e, const char *arg)
{
	const char *equals = strchr(arg, '=');

	if (!equals || strcmp(equals, "=0") != 0) {
		trouble(arg, "expected NAME=0: a mask can hide a feature, but not add one");
		return false;
	}
	e->without = allocate_lasting(e->without, e->count, sizeof(*e->without));
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
		} else if (!mask_merge_hide(m, &at)) {
			out_of_memory();
		}
		free(name);
	}
	return ok;
}

/* Names what is VMware's own and hidden all the same. */
static void print_own(unsigned hw, const struct mask_merge *m)
{
	size_t count = 0;

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;
		const struct place at = feature_place(id);

		if (features[id].low == features[id].high && feature_copy_of(id) == F_NONE &&
		    vmware_shows(id, hw) == VMWARE_OWN && mask_merge_hidden(m, &at))
			fprintf(message_out(), "%s %s",
			        count++ ? "," : "also hides what VMware provides:",
			        feature_name(id));
	}
	if (count)
		fputc('\n', message_out());
}

/*
 * Names features that the mode lacks but its registers do not hide: the published ones are few, so
 * guests still see what the mode lacks in others.
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
		if (left++ < NAMED)
			fprintf(message_out(), "%s %s", left == 1 ? "not masked:" : ",",
			        feature_name(id));
	}
	if (left > NAMED)
		fprintf(message_out(), " and %zu more", left - NAMED);
	if (left)
		fprintf(message_out(), " (the mode lacks them; hidden without --as-published)\n");
}

/* Adds the lines of the mode and of the hosts.  Returns the source of the mode's, or EVC_UNKNOWN.
 */
static enum evc_source add_lines(struct mask_merge *m, const struct evc *mode,
                                 const struct mask_evc *e, const struct mask *hosts)
{
	const unsigned hw = hosts->hw;
	const enum evc_source source =
		e->published ? evc_mask_published(mode, m) : evc_mask(mode, hw, m);

	if (source == EVC_UNKNOWN) {
		trouble(mode->key,
		        e->published ? "no registers of this mode are known; leave out "
		                       "--as-published"
		                     : "no mask: only a part of this mode is known, and a mask "
		                       "would hide the rest of it; take the mode from a vCenter "
		                       "(--import)");
		return source;
	}
	if (!hide_named(m, e, hosts->seen))
		return EVC_UNKNOWN;
	/* The hosts' mask takes along what needs it by itself, and only what some host has. */
	if ((!e->published && !evc_mask_close(m, hw)) || (hosts->seen && !mask_vmx_add(m, hosts)))
		out_of_memory();
	return source;
}

bool mask_evc_add(struct mask_merge *m, const struct mask_evc *e, const struct mask *hosts)
{
	enum evc_source source = EVC_UNKNOWN;
	struct evc_modes modes;

	if (!evc_modes_load(e->import, &modes))
		return false;
	const struct evc *mode = evc_modes_find(&modes, e->mode, "unknown EVC mode");
	if (mode)
		source = add_lines(m, mode, e, hosts);
	if (source != EVC_UNKNOWN)
		fprintf(message_out(), "source: %s (%s)\n", evc_source_name(source),
		        evc_source_about(source));
	if (source != EVC_UNKNOWN && e->published) {
		print_own(hosts->hw, m);
		print_not_masked(mode, hosts->hw, m, hosts->seen);
	}
	evc_modes_free(&modes);
	return source != EVC_UNKNOWN;
}
