/* SPDX-License-Identifier: MIT */
/*
 * json.h - JSON as VMware's tools print it: UTF-8 or UTF-16, keys in any case, lists or single
 * values.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "input/file.h"

/*
 * Converts UTF-16, as Windows PowerShell writes it, to ASCII, in place; other characters become
 * '?'. Nothing but ASCII is needed or printed.  Without a byte order mark nothing is changed.
 */
void json_plain(struct bytes *b);

/*
 * Returns the JSON of a file in UTF-8 or UTF-16, or the same of what vim-cmd prints (vim.h).  b is
 * changed.  A key that an object has twice is an error.  NULL after a message.
 */
json_t *json_parse(const char *path, struct bytes *b);

/* True if a text begins as JSON does: an object or a list. */
bool json_begins(const struct bytes *b);

/* Returns the value of a key, in any case.  NULL: no such key, a null, or not an object. */
const json_t *json_member(const json_t *object, const char *key);

/* Returns an element of a list, or NULL after the last.  Any other value is its own element 0. */
const json_t *json_element(const json_t *list, size_t index);

#endif
