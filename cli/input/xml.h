/* SPDX-License-Identifier: MIT */
/*
 * xml.h - reads XML, element by element.
 */
#ifndef XML_H
#define XML_H

#include <stdbool.h>

#include "input/file.h"

/* How many names of elements a path has. */
#define XML_DEPTH 16

/*
 * An element begins, and ends.  path is "/domainCapabilities/cpu/mode/model"; text is what was in
 * it.  Both return NULL, or what is wrong.
 */
struct xml_reader {
	const char *(*begin)(void *ctx, const char *path, const char *const *attributes);
	const char *(*end)(void *ctx, const char *path, const char *text);
};

/* Returns the value of an attribute, or "" if the element does not have it. */
const char *xml_attribute(const char *const *attributes, const char *name);

/* Reads a whole file.  Returns false after a message with file and line. */
bool xml_read(const char *path, const struct bytes *b, const struct xml_reader *with, void *ctx);

#endif
