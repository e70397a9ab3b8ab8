/* SPDX-License-Identifier: MIT */
/*
 * evc_modes.h - the list of EVC modes that a subcommand works on: the tool's own, or a vCenter's.
 */
#ifndef EVC_MODES_H
#define EVC_MODES_H

#include "fleet/evc.h"

struct evc_modes {
	size_t count;
	struct evc *at; /* ascending by vendor and tier */
	char *text;     /* what the strings of imported modes point into */
};

/*
 * Sets *ret to the modes of a file, or, without one, to those of evc.def.  On failure the cause has
 * been said and there is nothing to free.
 */
bool evc_modes_load(const char *import, struct evc_modes *ret);
void evc_modes_free(struct evc_modes *modes);

/* The part of evc_modes_load that reads a file. */
bool evc_import(const char *path, struct evc_modes *ret);

/* Finds a mode; if there is none, says what modes there are behind this message, NULL returned. */
const struct evc *evc_modes_find(const struct evc_modes *modes, const char *key,
                                 const char *message);

#endif
