/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "mask/mask_bits.h"
#include "output/mask_warn.h"
#include "table/feature_names.h"

typedef bool is_seen(const struct mask_explained *e, enum feature_id id);

/* True if a guest sees a feature that no line hides: a host has it, or a line shows it. */
static bool is_there(const struct mask_explained *e, enum feature_id id)
{
	return e->lines->said[id].shown || (e->seen && feature_value(e->seen, id));
}

/* True if nothing is known of the hosts, so that one may have it. */
static bool may_be_there(const struct mask_explained *e, enum feature_id id)
{
	return !e->seen && !e->lines->said[id].shown;
}

static bool is_or_may_be_there(const struct mask_explained *e, enum feature_id id)
{
	return is_there(e, id) || may_be_there(e, id);
}

/*
 * True if no line hides a row of the table from a guest.  Whether a complete list names a feature
 * is not known of one whose name is not.
 */
static bool remains(const struct mask_explained *e, enum feature_id id)
{
	if (e->lines->complete && !*feature_named(id, NAMED_CAPABILITY))
		return false;
	return mask_vmx_covers(id, e->hw) && !mask_lines_hide(e->lines, id);
}

typedef bool is_hidden(const struct mask_explained *e, enum feature_id id);

static bool is_above(const struct mask_explained *e, enum feature_id id)
{
	return mask_lines_above(e->lines, id);
}

static bool is_hidden_by_line(const struct mask_explained *e, enum feature_id id)
{
	return mask_lines_hide(e->lines, id) && !is_above(e, id);
}

/* True if a feature needs another for which hidden is true; only: that one, or F_NONE for any. */
static bool needs_hidden(const struct mask_explained *e, enum feature_id id, is_hidden *hidden,
                         enum feature_id only)
{
	const uint16_t *need = feature_needs(id);

	for (unsigned i = 0; i < FEATURE_NEEDS_MAX && need[i] != F_NONE; i++)
		if ((only == F_NONE || need[i] == only) && hidden(e, (enum feature_id)need[i]))
			return true;
	return false;
}

/*
 * Lists the features that remain, and are seen, although they need a hidden one.  Returns the
 * list's length.
 */
static size_t list_needing(char names[static MASK_WARN_NAMES], const struct mask_explained *e,
                           is_seen *seen, is_hidden *hidden, enum feature_id only)
{
	size_t used = 0;

	*names = '\0';
	for (unsigned i = F_NONE + 1; i < F_COUNT && used < MASK_WARN_NAMES; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (needs_hidden(e, id, hidden, only) && remains(e, id) && seen(e, id))
			used += (size_t)snprintf(names + used, MASK_WARN_NAMES - used, " %s",
			                         feature_name(id));
	}
	return used;
}

void mask_warn_needs(struct mask_explained *e)
{
	char names[MASK_WARN_NAMES];

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (is_hidden_by_line(e, id) &&
		    list_needing(names, e, is_there, is_hidden_by_line, id))
			mask_warn(e, 0, "%s is hidden, but features that need it are not:%s",
			          feature_name(id), names);
	}
	if (list_needing(names, e, is_or_may_be_there, is_above, F_NONE))
		mask_warn(e, 0,
		          "leaves above the highest one are hidden, but features that need them "
		          "are not:%s",
		          names);
}

void mask_note_needs(const struct mask_explained *e, mask_note *note)
{
	char names[MASK_WARN_NAMES];

	for (unsigned i = F_NONE + 1; i < F_COUNT; i++) {
		const enum feature_id id = (enum feature_id)i;

		if (is_hidden_by_line(e, id) &&
		    list_needing(names, e, may_be_there, is_hidden_by_line, id))
			note(id, names);
	}
}
