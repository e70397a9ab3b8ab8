/* SPDX-License-Identifier: MIT */
/*
 * evc_json.h - parts of the importer of EVC modes.
 */
#ifndef EVC_JSON_H
#define EVC_JSON_H

#include "input/evc_modes.h"
#include "input/json.h"

/* By default PowerShell cuts at a depth of 2, and prints the name of a type for what it cut. */
#define EVC_JSON_DEPTH " (was it printed with ConvertTo-Json -Depth 5?)"

struct evc_reader {
	const char *path;
	struct evc_modes modes;
	struct evc *mode;     /* that is being read */
	bool needs;           /* it has a list of what hosts need */
	bool requirement;     /* that list is being read */
	size_t used;          /* of modes.text */
	size_t unknowns;      /* number of CPUID feature names that are not in the table */
	const char **unknown; /* from malloc */
};

/*
 * Returns the JSON of a file, and allocates r->modes.text for all of its strings.  NULL after a
 * message.
 */
json_t *evc_json_load(const char *path, struct evc_reader *r);

/* Returns a printable copy of a string that lives as long as the modes. */
const char *evc_json_keep(struct evc_reader *r, const char *string);

/* Prints what is wrong with the mode that is being read.  Returns false. */
bool evc_json_fail(const struct evc_reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads a list of names and values into the mode.  Returns false after a message. */
bool evc_names_read(struct evc_reader *r, const char *list_name, const json_t *list);

/* True if such a list has a name with a number other than 0.  list may be NULL. */
bool evc_names_have(const json_t *list, const char *name);

/* Prints the feature names that are not in the table. */
void evc_names_unknown(const struct evc_reader *r);

#endif
