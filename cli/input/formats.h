/* SPDX-License-Identifier: MIT */
/*
 * formats.h - the formats of other programs that have the CPUID leaves of a host.
 *
 * Each is a row of a table: a name, a look at the beginning of a file, and a reader.  What a format
 * does not have stays unknown in the report.
 */
#ifndef FORMATS_H
#define FORMATS_H

#include "input/file.h"
#include "report/report.h"

struct format {
	const char *name; /* for --from */
	const char
		*origin; /* in the report; NULL: it holds whole reports, and there is no reader */
	size_t max;      /* bytes */
	/* True if a file is in this format, as far as its beginning or a word tells. */
	bool (*is)(const struct bytes *b);
	/* Reads processors.  Returns false after a message.  b may be changed. */
	bool (*read)(struct report *r, const char *path, struct bytes *b);
};

#define FORMATS 4
extern const struct format formats[FORMATS];

/* Returns the format of this name, or NULL. */
const struct format *format_named(const char *name);

/* Returns the first format that a file is in, or NULL. */
const struct format *format_of(const struct bytes *b);

/* Returns the names of all, "a, b, c". */
const char *format_names(void);

/* Makes *r the report of a file in a format that has a reader.  Returns false after a message. */
bool format_read(const struct format *f, struct report *r, const char *path, struct bytes *b);

#endif
