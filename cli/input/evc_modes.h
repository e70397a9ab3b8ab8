/* SPDX-License-Identifier: MIT */
/*
 * evc_modes.h - the list of EVC modes that a subcommand uses: the built-in one, or a vCenter's.
 */
#ifndef EVC_MODES_H
#define EVC_MODES_H

#include "fleet/evc.h"

struct evc_modes {
	size_t count;
	struct evc *at; /* ascending by vendor and tier */
	char *text;     /* the strings of imported modes */
};

/*
 * Sets *ret to the modes of a file, or, if import is NULL, to those of evc.def.  Returns false
 * after a message; there is then nothing to free.
 */
bool evc_modes_load(const char *import, struct evc_modes *ret);
void evc_modes_free(struct evc_modes *modes);

/* The part of evc_modes_load that reads a file. */
bool evc_import(const char *path, struct evc_modes *ret);

/* Returns a mode.  If there is none, prints message and the modes that exist, and returns NULL. */
const struct evc *evc_modes_find(const struct evc_modes *modes, const char *key,
                                 const char *message);

#endif
