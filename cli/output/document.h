/* SPDX-License-Identifier: MIT */
/*
 * document.h - the JSON documents of --json: what all of them have, and how they are made.
 *
 * docs/json.md describes them.  Every document begins with "schema", "version", "program" and
 * "exit_status", then the command's own members, and ends with "warnings".
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "fleet/pool.h"

/* Returns an object with the members that come first; name is "drift", the command's. */
json_t *document_start(const char *name, unsigned version);

/* Adds "left_out" and "left_out_files": the files that could not be used. */
void document_left_out(json_t *document, const struct pool_name *name, size_t count);

/* Adds the same of a pool, and "hosts": the names of its hosts. */
void document_hosts(json_t *document, const struct pool *pool);

/*
 * Adds what is still to be said, prints a document on standard output, and frees it.
 * document_print_line prints it as one line.
 */
void document_print(json_t *document, int exit_status);
void document_print_line(json_t *document, int exit_status);

/* Add a value, which they take over, to an object or a list.  No memory ends the program. */
void json_put(json_t *object, const char *key, json_t *value);
void json_add(json_t *list, json_t *value);

/* Returns an empty object or list that was added, and belongs, to an object or a list. */
json_t *json_put_list(json_t *object, const char *key);
json_t *json_put_object(json_t *object, const char *key);
json_t *json_add_object(json_t *list);

/*
 * Returns a string, of a report or a file's name.  If it is no UTF-8, each byte that is not
 * printable ASCII is '?'.  json_words: null for "".
 */
json_t *json_words(const char *text);
json_t *json_text(const char *text);

/* Returns a number; one that has more than 63 bits is a string of its decimal digits. */
json_t *json_count(uint64_t value);

/* Returns a string of at least digits lower-case hexadecimal digits. */
json_t *json_hex(uint64_t value, int digits);

/* Returns {"name": "AESNI", "place": "1.ECX[25]", "about": "..."}; name is null for F_NONE. */
json_t *json_feature(enum feature_id id, const struct place *at);

/* Returns the name of a feature, or its place in <> if it has none. */
json_t *json_feature_name(enum feature_id id, const struct place *at);

#endif
