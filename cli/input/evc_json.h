/* SPDX-License-Identifier: MIT */
/*
 * evc_json.h - what the importer of EVC modes is made of: JSON by keys in any case, and names.
 */
#ifndef EVC_JSON_H
#define EVC_JSON_H

#include <jansson.h>

#include "input/evc_modes.h"

/* PowerShell cuts off at a depth of 2 and puts the name of a type in place of what it cut. */
#define EVC_JSON_DEPTH " (was it printed with ConvertTo-Json -Depth 5?)"

struct evc_reader {
	const char *path;
	struct evc_modes modes;
	struct evc *mode;     /* that is being read */
	bool needs;           /* it says by itself what hosts need */
	bool requirement;     /* and this is the list that says so */
	size_t used;          /* of modes.text */
	size_t unknowns;      /* names of CPUID features that the table does not have */
	const char **unknown; /* from malloc */
};

/*
 * Reads a file, in UTF-8 or in the UTF-16 that Windows PowerShell writes, and makes room in
 * r->modes.text for all of its strings.  NULL: the cause has been said.
 */
json_t *evc_json_load(const char *path, struct evc_reader *r);

/* The value of a key, in any case; NULL if there is none, if it is null, or not in an object. */
const json_t *evc_json_get(const json_t *object, const char *key);

/* An element of a list; a value that is no list counts as a list of it alone.  NULL: no more. */
const json_t *evc_json_item(const json_t *list, size_t index);

/* Keeps a string as it may be printed, for as long as the modes are kept. */
const char *evc_json_keep(struct evc_reader *r, const char *string);

/* Says what is wrong with the mode that is being read; returns false. */
bool evc_json_fail(const struct evc_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads a list of names with values into the mode; on failure the cause has been said. */
bool evc_names_read(struct evc_reader *r, const char *list_name, const json_t *list);

/* Says which names the table does not have. */
void evc_names_unknown(const struct evc_reader *r);

#endif
