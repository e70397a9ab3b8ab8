/* SPDX-License-Identifier: MIT */
/*
 * formats.h - the formats of other programs that have the CPUID leaves of a host.
 *
 * Each is a row of a table: a name, a look at the content of a file, and a reader.  What a format
 * does not have stays unknown in the report.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "input/importers.h"

/* Bytes; the limits of the formats are smaller or the same. */
#define FORMAT_MAX 0x8000000

struct format {
	const char *name; /* for --from */
	const char
		*origin; /* in the report; NULL: it holds whole reports, and there is no reader */
	size_t max;      /* bytes */
	importer_is *is; /* NULL: only if it is named */
	importer_read *read;
	exporter_write *write; /* NULL: export cannot write it */
	const char *about;     /* for the help; NULL: not to be named */
};

/* The formats, in the order in which a file is looked at; the last row is all zero. */
extern const struct format formats[];

/* Returns the format of this name, or NULL. */
const struct format *format_named(const char *name);

/* Returns the first format that a file is in, or NULL.  UTF-16 must be ASCII before (json_plain).
 */
const struct format *format_of(const struct bytes *b);

/* Returns the names of all, or of those that export writes, "a, b, c". */
const char *format_names(bool written);

/* Makes *r the report of a file in a format that has a reader.  Returns false after a message. */
bool format_read(const struct format *f, struct report *r, const char *path, struct bytes *b);

/* True if a path is a folder of hwloc-gather-cpuid; format_read_folder reads it. */
bool format_is_folder(const char *path);
bool format_read_folder(struct report *r, const char *path);

/* Returns what report_write writes, from malloc.  at is NULL after a message. */
struct bytes format_spell(const char *path, const struct report *r);

#endif
