/* SPDX-License-Identifier: MIT */
/*
 * capabilities_xml.h - reads XML, element by element.
 */
#ifndef CAPABILITIES_XML_H
#define CAPABILITIES_XML_H

#include <stdbool.h>

#include "input/file.h"

/* How many names of elements a path has. */
#define XML_DEPTH 16

/*
 * An element has ended.  path is "/domainCapabilities/cpu/mode/model"; text is what was in it, name
 * the value of its attribute "name" or "filename", and parent that of the element around it; "" if
 * it has none. Returns NULL, or what is wrong.
 */
typedef const char *xml_element(void *ctx, const char *path, const char *text, const char *name,
                                const char *parent);

/* Calls element for each element of a file.  Returns false after a message with file and line. */
bool xml_read(const char *path, const struct bytes *b, xml_element *element, void *ctx);

#endif
