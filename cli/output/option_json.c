/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#include "output/option_list.h"

/* Steals value, as json_object_set_new does. */
static void set(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new(object, key, value) != 0)
		out_of_memory();
}

static void append(json_t *list, json_t *value)
{
	if (!value || json_array_append_new(list, value) != 0)
		out_of_memory();
}

/* A string of the firmware; if it is no UTF-8, each byte that is not ASCII is '?'. */
static json_t *string(const char *text)
{
	char buffer[SETUP_PATH_MAX + 1];
	json_t *value = json_string(text);

	return value ? value : json_string(printable(buffer, sizeof(buffer), text));
}

static json_t *number(uint64_t value)
{
	char decimal[24];

	if (value <= INT64_MAX)
		return json_integer((json_int_t)value);
	snprintf(decimal, sizeof(decimal), "%" PRIu64, value);
	return json_string(decimal);
}

static json_t *value_of(const struct setup_value *v)
{
	json_t *object = json_object();

	switch (v->known) {
	case SETUP_NUMBER:
		set(object, "number", number(v->number));
		if (v->text)
			set(object, "text", string(v->text));
		break;
	case SETUP_LIST:
		set(object, "list", string(v->text));
		break;
	case SETUP_UNKNOWN:
		set(object, "unknown", string(v->text));
		break;
	case SETUP_NONE:
		json_decref(object);
		return json_null();
	case SETUP_COMPUTED:
		set(object, "computed", json_true());
		break;
	}
	return object;
}

static json_t *store_of(const struct setup_store *s)
{
	json_t *object = json_object();
	char guid[64];
	struct text t;

	if (s->kind == SETUP_NOWHERE) {
		json_decref(object);
		return json_null();
	}
	text_start(&t, guid, sizeof(guid));
	setup_guid(&t, s->guid);
	set(object, "kind", string(setup_store_word(s->kind)));
	set(object, "name", string(s->name));
	set(object, "guid", string(text_string(&t)));
	if (s->kind != SETUP_NAMED) {
		set(object, "offset", number(s->offset));
		set(object, "bit", number(s->bit));
		set(object, "bits", number(s->bits));
	}
	return object;
}

static json_t *question_of(const struct setup_question *q)
{
	json_t *object = json_object(), *states = json_array();

	set(object, "path", string(q->path));
	set(object, "prompt", string(q->prompt));
	set(object, "kind", string(setup_kind_word(q->kind)));
	for (unsigned bit = 0; bit < SETUP_STATES; bit++)
		if (q->state >> bit & 1)
			append(states, string(setup_state_word(bit)));
	set(object, "state", states);
	set(object, "store", store_of(&q->store));
	set(object, "value", value_of(&q->value));
	set(object, "default", value_of(&q->standard));
	set(object, "manufacturing", value_of(&q->manufacturing));
	return object;
}

static json_t *host_of(const struct drifter *d)
{
	json_t *object = json_object(), *list = json_array();
	const struct option_host *h = &d->setup;
	char digest[2 * SETUP_DIGEST + 1];

	for (unsigned i = 0; i < SETUP_DIGEST; i++)
		snprintf(digest + (size_t)2 * i, 3, "%02x", h->digest[i]);
	set(object, "host", string(d->name));
	set(object, "bios-version", h->bios[0] ? string(h->bios) : json_null());
	set(object, "sealed", json_boolean(d->sealed));
	set(object, "known", json_boolean(h->there && !h->none));
	if (h->none)
		set(object, "why", string(h->why));
	if (h->there && !h->none) {
		set(object, "found", number(h->found));
		set(object, "chosen", number(h->chosen));
		set(object, "faults", number(h->faults));
		set(object, "digest", string(digest));
	}
	for (size_t i = 0; i < h->count; i++)
		append(list, question_of(&h->question[i]));
	set(object, "options", list);
	return object;
}

/* One option that differs: what each host has. */
static json_t *difference_of(const struct drift_setup *s, const struct setup_option *o)
{
	const struct setup_question *q = o->at->question;
	json_t *object = json_object(), *list = json_array();

	set(object, "path", string(q->path));
	set(object, "prompt", string(q->prompt));
	if (o->twice)
		set(object, "store", store_of(&q->store));
	for (const struct option_at *at = o->at; at < o->at + o->hosts; at++) {
		json_t *on = json_object();

		set(on, "host", string(s->fleet->at[s->of[at->host]]->name));
		set(on, "value", value_of(&at->question->value));
		set(on, "default", value_of(&at->question->standard));
		append(list, on);
	}
	set(object, "on", list);
	return object;
}

static json_t *group_of(const struct fleet *f, size_t first)
{
	json_t *object = json_object(), *names = json_array(), *list = json_array();
	struct drift_setup s;

	drift_setup_start(&s, f, first);
	for (size_t i = 0; i < s.options.hosts; i++)
		append(names, string(f->at[s.of[i]]->name));
	for (const struct setup_option *o = s.options.option;
	     o < s.options.option + s.options.count; o++)
		if (option_list_differs(&s, o))
			append(list, difference_of(&s, o));
	set(object, "digests-differ", json_boolean(drift_setup_digests_differ(&s)));
	drift_setup_free(&s);
	set(object, "about", string(f->at[first]->about));
	set(object, "hosts", names);
	set(object, "differences", list);
	return object;
}

bool option_json_print(const struct fleet *f)
{
	json_t *root = json_object(), *hosts = json_array(), *groups = json_array();
	bool differ = false;

	for (size_t i = 0; i < f->count; i++) {
		append(hosts, host_of(f->at[i]));
		if (f->at[i]->group != i)
			continue;
		json_t *group = group_of(f, i);
		differ |= json_array_size(json_object_get(group, "differences")) > 0 ||
		          json_is_true(json_object_get(group, "digests-differ"));
		append(groups, group);
	}
	set(root, "hosts", hosts);
	set(root, "groups", groups);
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(root);
	return differ;
}
