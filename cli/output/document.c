/* SPDX-License-Identifier: MIT */
#include "base/program.h"
#include "output/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "output/message.h"
#include "output/print.h"
#include "table/feature_names.h"

void json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		out_of_memory();
}

void json_add(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) != 0)
		out_of_memory();
}

json_t *json_put_list(json_t *object, const char *key)
{
	json_t *list = json_array();

	json_put(object, key, list);
	return list;
}

json_t *json_put_object(json_t *object, const char *key)
{
	json_t *member = json_object();

	json_put(object, key, member);
	return member;
}

json_t *json_add_object(json_t *list)
{
	json_t *object = json_object();

	json_add(list, object);
	return object;
}

json_t *json_text(const char *text)
{
	json_t *value = json_string(text);
	const size_t size = strlen(text) + 1;

	if (value)
		return value;
	char *words = allocate(size);
	value = json_string(printable(words, size, text));
	free(words);
	return value;
}

json_t *json_words(const char *text)
{
	return *text ? json_text(text) : json_null();
}

json_t *json_count(uint64_t value)
{
	char decimal[24];

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(decimal, sizeof(decimal), "%" PRIu64, value);
	return json_string(decimal);
}

json_t *json_hex(uint64_t value, int digits)
{
	char hex[24];

	snprintf(hex, sizeof(hex), "%0*" PRIx64, digits, value);
	return json_string(hex);
}

json_t *json_feature_name(enum feature_id id, const struct place *at)
{
	char place[PLACE_MAX], name[PLACE_MAX + 2];

	if (id != F_NONE)
		return json_text(feature_name(id));
	snprintf(name, sizeof(name), "<%s>", print_place(place, at));
	return json_text(name);
}

json_t *json_feature(enum feature_id id, const struct place *at)
{
	json_t *object = json_object();
	char place[PLACE_MAX];

	json_put(object, "name", id == F_NONE ? json_null() : json_text(feature_name(id)));
	json_put(object, "place", json_text(print_place(place, at)));
	json_put(object, "about", id == F_NONE ? json_null() : json_text(feature_about(id)));
	return object;
}

json_t *document_start(const char *name, unsigned version)
{
	json_t *document = json_object();
	char schema[64];

	snprintf(schema, sizeof(schema), "cpulevel-%s", name);
	json_put(document, "schema", json_text(schema));
	json_put(document, "version", json_count(version));
	json_put(document, "program", json_text(PROGRAM));
	json_put(document, "exit_status", json_null());
	return document;
}

void document_left_out(json_t *document, const struct pool_name *name, size_t count)
{
	json_t *files = json_array();

	for (size_t i = 0; i < count; i++)
		json_add(files, json_text(name[i].name));
	json_put(document, "left_out", json_count(count));
	json_put(document, "left_out_files", files);
}

void document_hosts(json_t *document, const struct pool *pool)
{
	json_t *hosts = json_put_list(document, "hosts");

	for (size_t i = 0; i < pool->hosts; i++)
		json_add(hosts, json_text(pool->host[i].name));
	document_left_out(document, pool->left_out, pool->left_outs);
}

static json_t *message_of(const struct message *m)
{
	json_t *object = json_object();

	json_put(object, "text", json_text(m->text));
	if (m->about)
		json_put(object, "about", json_text(m->about));
	if (m->line) {
		json_put(object, "line", json_count(m->line));
		json_put(object, "column", json_count(m->column));
	}
	json_t *hosts = m->hosts ? json_put_list(object, m->files ? "files" : "hosts") : NULL;
	for (size_t i = 0; i < m->hosts; i++)
		json_add(hosts, json_text(m->host[i]));
	return object;
}

static void print(json_t *document, int exit_status, size_t flags)
{
	json_t *warnings = json_put_list(document, "warnings");

	for (const struct message *m = message_first(); m; m = m->next)
		json_add(warnings, message_of(m));
	json_put(document, "exit_status", json_count((uint64_t)exit_status));
	json_dumpf(document, stdout, flags | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(document);
}

void document_print(json_t *document, int exit_status)
{
	print(document, exit_status, JSON_INDENT(2));
}

void document_print_line(json_t *document, int exit_status)
{
	print(document, exit_status, JSON_COMPACT);
}
