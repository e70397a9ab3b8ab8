/* SPDX-License-Identifier: MIT */
#include "input/capabilities.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "input/file.h"
#include "input/xml.h"

/* Bytes.  domcapabilities has 40 thousand, an expansion 10 thousand. */
#define CAPABILITIES_MAX 0x400000

static void add(struct kvm_names *n, const char *name, size_t size)
{
	n->given = true;
	n->at = allocate_room(n->at, n->count, sizeof(*n->at));
	n->at[n->count] = allocate(size + 1);
	memcpy(n->at[n->count++], name, size);
}

static void names_free(struct kvm_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->at[i]);
	free(n->at);
	*n = (struct kvm_names){ .given = false };
}

void capabilities_free(struct kvm_offer *o)
{
	names_free(&o->models);
	names_free(&o->features);
	names_free(&o->withheld);
}

/* What virsh domcapabilities has of the models for one mode. */
struct domcaps {
	struct kvm_offer *o;
	bool custom;
};

static const char *begin_domcaps(void *ctx, const char *path, const char *const *attributes)
{
	struct domcaps *d = ctx;

	if (strcmp(path, "/domainCapabilities/cpu/mode") == 0)
		d->custom = strcmp(xml_attribute(attributes, "name"), "custom") == 0;
	return NULL;
}

static const char *end_domcaps(void *ctx, const char *path, const char *text)
{
	struct domcaps *d = ctx;

	if (strncmp(path, "/capabilities", 13) == 0)
		return "this is what the host has, not what its guests can have: "
		       "give the output of virsh domcapabilities";
	if (strncmp(path, "/domainCapabilities", 19) != 0)
		return "not the output of virsh domcapabilities";
	if (strcmp(path, "/domainCapabilities/domain") == 0 && strcmp(text, "kvm") != 0)
		return "not of KVM: add --virttype kvm to virsh domcapabilities";
	if (strcmp(path, "/domainCapabilities/arch") == 0 && strcmp(text, "x86_64") != 0)
		return "not of x86_64";
	if (strcmp(path, "/domainCapabilities/cpu/mode/model") == 0 && d->custom) {
		d->o->models.libvirt = true;
		add(&d->o->models, text, strlen(text));
	}
	return NULL;
}

static bool take_domcaps(const char *path, const struct bytes *b, struct kvm_offer *o)
{
	static const struct xml_reader reader = { begin_domcaps, end_domcaps };
	struct domcaps d = { .o = o };

	if (!xml_read(path, b, &reader, &d))
		return false;
	if (!o->models.count)
		trouble(path, "names no model");
	return o->models.count > 0;
}

/* The value of QMP's answer, whether or not "return" is around it. */
static const json_t *answer_of(const json_t *root)
{
	const json_t *inner = json_object_get(root, "return");

	return inner ? inner : root;
}

/* Returns false if it is not the answer of query-cpu-definitions. */
static bool take_definitions(struct kvm_offer *o, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name =
			json_string_value(json_object_get(json_array_get(list, i), "name"));

		if (!name)
			return false;
		add(&o->models, name, strlen(name));
	}
	return o->models.count;
}

/*
 * Returns false if it is not the answer of query-cpu-model-expansion.  Of the models that have all
 * that there is, what is false no guest gets.
 */
static bool take_expansion(struct kvm_offer *o, const json_t *model)
{
	const char *name = json_string_value(json_object_get(model, "name")), *key;
	const json_t *props = json_object_get(model, "props");
	json_t *value;

	if (!name || !json_object_size(props))
		return false;
	const bool all = strcmp(name, "host") == 0 || strcmp(name, "max") == 0;
	json_object_foreach((json_t *)props, key, value)
	{
		if (!json_is_boolean(value))
			continue;
		add(&o->features, key, strlen(key));
		if (all && json_is_false(value))
			add(&o->withheld, key, strlen(key));
	}
	return o->features.count;
}

static bool take_json(const char *path, const struct bytes *b, struct kvm_offer *o)
{
	json_error_t error;
	/* Some properties are numbers of 64 bits. */
	json_t *root = json_loadb(b->at, b->size, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
	                          &error);

	if (!root) {
		const struct where where = { .line = (size_t)error.line,
			                     .column = (size_t)error.column };
		char text[2 * JSON_ERROR_TEXT_LENGTH], message[sizeof(text) + 16];

		snprintf(message, sizeof(message), "not JSON: %s",
		         printable(text, sizeof(text), error.text));
		trouble_place(path, &where, message);
		return false;
	}
	const json_t *answer = answer_of(root);
	const bool ok = json_is_array(answer) ? take_definitions(o, answer)
	                                      : take_expansion(o, json_object_get(answer, "model"));
	if (!ok)
		trouble(path, "neither the answer of query-cpu-definitions nor that of "
		              "query-cpu-model-expansion");
	json_decref(root);
	return ok;
}

/* Takes every word. */
static void take_words(struct kvm_names *n, const char *at, const char *end)
{
	while (at < end) {
		const size_t size = strcspn(at, " \t\r\n");

		if (size)
			add(n, at, size);
		at += size + 1;
	}
}

/* Returns the next line, or NULL. */
static const char *after_line(const char *at)
{
	const char *end = strchr(at, '\n');

	return end ? end + 1 : NULL;
}

/* "-cpu help": lines "x86 NAME  words" or, of a later QEMU, "  NAME  words", then names of flags.
 */
static bool take_help(const char *path, const char *text, struct kvm_offer *o)
{
	const char *flags = strstr(text, "Recognized CPUID flags:");
	const char *at = strstr(text, "Available CPUs:");

	for (; at && flags && at < flags; at = after_line(at)) {
		const char *name = strncmp(at, "x86 ", 4) == 0 ? at + 4 : at + 2;

		if (strncmp(at, "x86 ", 4) == 0 || strncmp(at, "  ", 2) == 0)
			add(&o->models, name, strcspn(name, " \r\n"));
	}
	if (flags && text[strlen(text) - 1] == '\n')
		take_words(&o->features, strchr(flags, ':') + 1, text + strlen(text));
	if (!o->models.count || !o->features.count) {
		trouble(path, "not what virsh domcapabilities, QMP or qemu-system-x86_64 -cpu help "
		              "print, or cut short");
		return false;
	}
	return true;
}

bool capabilities_read(const char *path, struct kvm_offer *o)
{
	struct bytes b;
	bool ok;

	if (!file_read(path, CAPABILITIES_MAX, &b))
		return false;
	char *text = allocate(b.size + 1);
	memcpy(text, b.at, b.size);
	switch (text[strspn(text, " \t\r\n")]) {
	case '<':
		ok = take_domcaps(path, &b, o);
		break;
	case '{':
	case '[':
		ok = take_json(path, &b, o);
		break;
	default:
		ok = take_help(path, text, o);
	}
	free(text);
	free(b.at);
	return ok;
}

/* The files of a cpu_map that are of x86. */
struct map {
	struct kvm_offer *o;
	struct kvm_names files;
};

/* An element of index.xml, or of a file of models or features. */
static const char *begin_map(void *ctx, const char *path, const char *const *attributes)
{
	struct map *m = ctx;
	const char *name = xml_attribute(attributes, "name");
	const char *file = xml_attribute(attributes, "filename");

	if (strncmp(path, "/cpus", 5) != 0)
		return "not a file of libvirt's cpu_map";
	if (strcmp(path, "/cpus/feature") == 0)
		add(&m->o->features, name, strlen(name));
	else if (strcmp(path, "/cpus/model") == 0)
		add(&m->o->models, name, strlen(name));
	else if (strncmp(path, "/cpus/arch/", 11) == 0 &&
	         strcmp(strrchr(path, '/'), "/include") == 0 && strncmp(file, "x86_", 4) == 0)
		add(&m->files, file, strlen(file));
	return NULL;
}

static const char *end_map(void *ctx, const char *path, const char *text)
{
	(void)ctx;
	(void)path;
	(void)text;
	return NULL;
}

static bool read_map_file(const char *folder, const char *name, struct map *m)
{
	char *path = path_join(folder, name);
	static const struct xml_reader reader = { begin_map, end_map };
	struct bytes b;

	bool ok = file_read(path, CAPABILITIES_MAX, &b);
	if (ok) {
		ok = xml_read(path, &b, &reader, m);
		free(b.at);
	}
	free(path);
	return ok;
}

bool capabilities_read_map(const char *folder, struct kvm_offer *o)
{
	struct map m = { .o = o };
	bool ok = read_map_file(folder, "index.xml", &m);

	for (size_t i = 0; ok && i < m.files.count; i++)
		ok = read_map_file(folder, m.files.at[i], &m);
	names_free(&m.files);
	o->models.libvirt = o->features.libvirt = true;
	if (ok && (!o->models.count || !o->features.count)) {
		trouble(folder, "no models of x86 there");
		ok = false;
	}
	return ok;
}
